// A run as it changes the lists that show it: the recent runs, and those that have not ended.
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys, RUNS_SHOWN } from "./keys";
import type { RunSummary, RunView, Runs, TimedStatus } from "./types";
import { refresh } from "./refresh";

const ACTIVE: ReadonlySet<RunSummary["state"]> = new Set(["queued", "starting", "running", "paused", "stopping"]);

export function isActive(state: RunSummary["state"]): boolean {
  return ACTIVE.has(state);
}

const summaryKeys = [
  "id",
  "name",
  "kind",
  "window",
  "days",
  "state",
  "created_at",
  "started_at",
  "ended_at",
  "start_at",
  "target",
  "preset",
  "trial",
  "account",
  "visits_planned",
  "outcome_reason",
] as const satisfies readonly (keyof RunSummary)[];

function summaryOf(view: RunView): RunSummary {
  return Object.fromEntries(summaryKeys.map((key) => [key, view[key]])) as unknown as RunSummary;
}

function placed(list: readonly RunSummary[], run: RunSummary): RunSummary[] {
  const known = list.some((one) => one.id === run.id);
  return known ? list.map((one) => (one.id === run.id ? run : one)) : [run, ...list];
}

function replaced(run: RunSummary) {
  return (page: Runs): Runs => ({ ...page, runs: page.runs.map((one) => (one.id === run.id ? run : one)) });
}

/** Takes over what the server says of a run. Lists that were not fetched yet are left alone: the fetch brings them. */
export function takeRun(client: QueryClient, view: RunView): void {
  // An answer that is under way was given before this; it must not come after it.
  void client.cancelQueries({ queryKey: keys.run(view.id) });
  const before = client.getQueryData<RunView>(keys.run(view.id));
  client.setQueryData(keys.run(view.id), view);
  const summary = summaryOf(view);
  const lists = { queryKey: keys.runList([], "").slice(0, 1) };
  client.setQueriesData<InfiniteData<Runs>>(lists, (old) => old && { ...old, pages: old.pages.map(replaced(summary)) });
  // Whether it belongs into a filtered list, only the server can say.
  if (before?.state !== view.state) void refresh(client, lists);
  client.setQueryData<Runs>(
    keys.runs,
    (old) => old && { ...old, runs: placed(old.runs, summary).slice(0, RUNS_SHOWN) },
  );
  client.setQueryData<TimedStatus>(
    keys.status,
    (old) => old && { ...old, active_runs: placed(old.active_runs, summary).filter((run) => isActive(run.state)) },
  );
}

/** A run that somebody deleted leaves the lists; one that is looked at stays until the page is left. */
export function dropRun(client: QueryClient, id: string): void {
  client.setQueryData<Runs>(keys.runs, (old) => old && { ...old, runs: old.runs.filter((run) => run.id !== id) });
  void refresh(client, { queryKey: keys.runList([], "").slice(0, 1) });
}
