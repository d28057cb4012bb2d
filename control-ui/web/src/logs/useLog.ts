// A log for as long as it is looked at: what the server has, then what the live stream tells.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { ask } from "../api/ask";
import { keys } from "../api/keys";
import type { Logs } from "../api/types";
import { CONTROL, LogBuffer, watchLog, type LogSource, type LogState } from "./buffer";

/** Lines that are asked for when a log is opened. */
const FIRST_LINES = 2000;

export const pathOf = (source: LogSource): string => (source === CONTROL ? "/api/logs" : `/api/runs/${source}/logs`);

interface Log extends LogState {
  /** Why lines cannot be read any more. */
  readonly missing: string | null;
  readonly pending: boolean;
  readonly error: Error | null;
}

/** For one source; another one needs another component (a `key`). */
export function useLog(source: LogSource): Log {
  const [buffer] = useState(() => new LogBuffer());
  useEffect(() => watchLog(source, buffer), [source, buffer]);
  const first = useQuery({
    queryKey: keys.logs(source),
    queryFn: () => ask<Logs>(pathOf(source), { query: { lines: FIRST_LINES } }),
    staleTime: 0,
    gcTime: 0,
  });
  const { data } = first;
  useEffect(() => {
    if (data) buffer.seed(data.lines, data.skipped);
  }, [buffer, data]);
  const state = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  return { ...state, missing: data?.missing ?? null, pending: first.isPending, error: first.error };
}
