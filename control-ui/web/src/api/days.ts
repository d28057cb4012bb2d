// What a run put into each day. The stream does not tell it, so it is asked for again while the run is on.
import { useQuery } from "@tanstack/react-query";
import { ask } from "./ask";
import { isActive } from "./lists";
import type { RunView, Schemas } from "./types";

export type RunDay = Schemas["DayView"];

/** How often days are read while they fill, in milliseconds; many of them are read less often. */
const EVERY_MS = 2_000;
const MANY_EVERY_MS = 5_000;
const MANY_DAYS = 45;

export function useRunDays(run: Pick<RunView, "id" | "state" | "window">) {
  const every = (run.window?.days ?? 0) > MANY_DAYS ? MANY_EVERY_MS : EVERY_MS;
  return useQuery({
    // The state is in the key, so that the last word is read when the run ends.
    queryKey: ["run-days", run.id, run.state],
    queryFn: async () => (await ask<Schemas["DayList"]>(`/api/runs/${run.id}/days`)).days,
    placeholderData: (old: RunDay[] | undefined) => old,
    staleTime: 0,
    refetchInterval: isActive(run.state) && run.state !== "paused" ? every : false,
  });
}
