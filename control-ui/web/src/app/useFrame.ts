// What the frame and the pages know of the moment: what is on, how true it is, what the server's clock says.
import { createContext, useContext } from "react";
import type { Connection } from "../api/live";
import { useRun, useStatus } from "../api/queries";
import type { RunView, TimedStatus } from "../api/types";
import { useNow } from "../ui/useNow";
import { freshnessOf, type Freshness } from "./freshness";

/** The live stream is one for the whole page; the shell opens it. */
export const ConnectionContext = createContext<Connection>({ kind: "connecting" });

export interface Frame {
  readonly status: TimedStatus | undefined;
  readonly error: Error | null;
  readonly activeId: string | null;
  /** The newest run that has not ended; undefined when there is none, or it is not known yet. */
  readonly active: RunView | undefined;
}

export function useFrame(): Frame {
  const status = useStatus();
  const activeId = status.data?.active_runs[0]?.id ?? null;
  const active = useRun(activeId);
  return {
    status: status.data,
    error: status.error ?? active.error,
    activeId,
    active: activeId === null ? undefined : active.data,
  };
}

/** The server's clock, re-read each second: ages are told by it. */
export function useServerNow(): number {
  const now = useNow();
  const status = useStatus();
  return now + (status.data?.aheadMs ?? 0);
}

export function useFreshness(): Freshness {
  const now = useNow();
  const connection = useContext(ConnectionContext);
  const { active } = useFrame();
  return freshnessOf(connection, active, now);
}
