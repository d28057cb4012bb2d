// How much of what the page shows is still true.
import type { Connection } from "../api/live";
import type { RunView } from "../api/types";

export type Freshness =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "stale"; readonly ageMs: number }
  | { readonly kind: "lost"; readonly ageMs: number | null };

/** A loader speaks each second; after this long without a word the figures are old, in milliseconds. */
const STALE_AFTER_MS = 4000;

export function freshnessOf(connection: Connection, run: RunView | undefined, now: number): Freshness {
  switch (connection.kind) {
    case "connecting":
      return { kind: "connecting" };
    case "lost":
      return { kind: "lost", ageMs: connection.heardAt === null ? null : now - connection.heardAt };
    case "open": {
      const ageMs = now - connection.heardAt;
      const expected = run?.state === "running" || run?.state === "stopping";
      return expected && ageMs > STALE_AFTER_MS ? { kind: "stale", ageMs } : { kind: "live" };
    }
  }
}
