// What the page knows: one cache, filled by a first request and kept true by the live stream (live.ts).
import { QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "./ask";
import { api, type RunCommand } from "./client";
import { ApiError } from "./problem";
import { keys, RUNS_SHOWN } from "./keys";
import { takeRun } from "./lists";
import type { NewRun, RunView, Schemas, TimedStatus } from "./types";
import { refresh } from "./refresh";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiError && error.status !== null && error.status < 500),
      },
      mutations: { retry: false },
    },
  });
}

export const useStatus = () => useQuery({ queryKey: keys.status, queryFn: timedStatus });

/** Ages are told by the server's clock, because the browser's may be wrong. */
async function timedStatus(): Promise<TimedStatus> {
  const status = await api.status();
  return { ...status, aheadMs: Date.parse(status.now) - Date.now() };
}

export const usePresets = () => useQuery({ queryKey: keys.presets, queryFn: api.presets });
export const useSchema = () => useQuery({ queryKey: keys.schema, queryFn: api.schema });
export const useRuns = () => useQuery({ queryKey: keys.runs, queryFn: () => api.runs(RUNS_SHOWN) });

export function useRun(id: string | null) {
  return useQuery<RunView>({ queryKey: keys.run(id ?? ""), queryFn: () => api.run(id ?? ""), enabled: id !== null });
}

export function useSamples(id: string) {
  return useQuery({ queryKey: keys.samples(id), queryFn: () => api.samples(id) });
}

/** The stream may already have told something newer than the answer to a command, so the answer is asked for anew. */
function takeAnswer(client: QueryClient, run: RunView): void {
  if (client.getQueryData(keys.run(run.id)) === undefined) takeRun(client, run);
  void refresh(client, { queryKey: keys.run(run.id) });
}

/** Starts a run. The same key is used when an unanswered request is sent again. */
export function useStart(onStarted: (run: RunView) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: NewRun; key: string }) => api.start(body, key),
    onSuccess: (run) => {
      takeAnswer(client, run);
      onStarted(run);
    },
    retry: (count, error) => count < 2 && error instanceof ApiError && error.status === null,
  });
}

export function useCommand(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: RunCommand) => api.command(id, command),
    onSuccess: (run) => {
      takeAnswer(client, run);
    },
  });
}

/** Goes on with a run, with what is no longer kept of it. */
export function useResume(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<Schemas["ResumeRequest"]>) =>
      ask<RunView>(`/api/runs/${id}/resume`, { method: "POST", body }),
    onSuccess: (run) => {
      takeAnswer(client, run);
    },
  });
}
