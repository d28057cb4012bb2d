// Runs as a list that is read page by page, and what changes one.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, newKey } from "./client";
import { ask } from "./ask";
import { keys } from "./keys";
import type { RunChange, RunState, RunView, Runs, Schemas } from "./types";
import { refresh } from "./refresh";

/** What may be given with a command: what is no longer kept of a run, and what a person decided. */
export type Given = Partial<Pick<Schemas["AgainRequest"], "token" | "confirm_target" | "overlap">>;

/** A run that is to begin once more. */
export interface RunAgain {
  readonly id: string;
  /** The very same visits. */
  readonly same?: boolean;
  readonly given?: Given;
}

/** Runs that are read at a time. */
const PAGE = 50;

export interface RunFilter {
  readonly states?: readonly RunState[];
  readonly text?: string | undefined;
}

export function useRunList({ states = [], text = "" }: RunFilter) {
  return useInfiniteQuery({
    queryKey: keys.runList(states, text),
    queryFn: ({ pageParam }) =>
      ask<Runs>("/api/runs", { query: { limit: PAGE, before: pageParam, state: states.join(","), q: text } }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (old) => old,
    staleTime: 0,
  });
}

/** The configuration of a run never changes, and the live stream leaves it out. */
export function useRunConfig(id: string) {
  return useQuery({ queryKey: keys.runConfig(id), queryFn: () => api.run(id), select: ({ config }) => config });
}

function listsChanged(client: QueryClient): void {
  void refresh(client, { queryKey: keys.runs });
  void refresh(client, { queryKey: keys.runList([], "").slice(0, 1) });
  void refresh(client, { queryKey: keys.status });
}

/** Asking again with the same key answers with the same run, so a lost answer never starts a second one. */
function useStartedFrom(path: "again" | "restart", onStarted: (run: RunView) => void) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const start = useMutation({
    mutationFn: ({ id, same = false, given = {} }: RunAgain) =>
      ask<RunView>(`/api/runs/${id}/${path}`, {
        method: "POST",
        body: { same_visits: same, ...given },
        headers: { "Idempotency-Key": key },
      }),
    onSuccess: (run) => {
      setKey(newKey());
      listsChanged(client);
      onStarted(run);
    },
  });
  /** What was asked for, once more, with what it needed. */
  const giveMore = (more: Given) => {
    const asked = start.variables;
    if (asked && !start.isPending) start.mutate({ ...asked, given: { ...asked.given, ...more } });
  };
  return { ...start, giveMore };
}

export const useAgain = (onStarted: (run: RunView) => void) => useStartedFrom("again", onStarted);
export const useRestart = (onStarted: (run: RunView) => void) => useStartedFrom("restart", onStarted);

export function useDelete(onDone: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask<undefined>(`/api/runs/${id}`, { method: "DELETE" }),
    onSuccess: (_, id) => {
      listsChanged(client);
      onDone(id);
    },
  });
}

export function useRestore() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask<unknown>(`/api/runs/${id}/restore`, { method: "POST" }),
    onSuccess: () => {
      listsChanged(client);
    },
  });
}

export function useEdit(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ revision, ...body }: RunChange & { revision: number }) =>
      ask<unknown>(`/api/runs/${id}`, { method: "PATCH", body, headers: { "If-Match": `"${revision}"` } }),
    onSettled: () => {
      void refresh(client, { queryKey: keys.run(id) });
      listsChanged(client);
    },
  });
}
