// One event stream for the page, feeding the query cache. It is closed while the page is hidden and opened again, with
// everything fetched anew, when it is shown. Bounded: samples beyond what is shown are dropped; log lines go to the logs that are looked at.
import type { QueryClient } from "@tanstack/react-query";
import { eventsAddress } from "./client";
import { CONTROL, pushLine } from "../logs/buffer";
import { keys } from "./keys";
import { dropRun, takeRun } from "./lists";
import type { LiveEvents, Samples } from "./types";
import { refresh } from "./refresh";

/** An hour at one a second; older ones leave the chart. */
const SAMPLES_KEPT = 3600;
/** That the stream lives is told this often at most, however many events come; in milliseconds. */
const TELL_MS = 500;
/** After an error that the browser does not mend itself, in milliseconds. */
const REOPEN_AFTER_MS = 2000;

export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "open"; readonly heardAt: number }
  | { readonly kind: "lost"; readonly heardAt: number | null };

/** The parts of the cache that the stream keeps true. */
const fed: ReadonlySet<unknown> = new Set([
  keys.status[0],
  keys.runs[0],
  keys.runList([], "")[0],
  keys.run("")[0],
  keys.samples("")[0],
  keys.logs("")[0],
]);

type Handlers = { [Type in keyof LiveEvents]: (client: QueryClient, event: LiveEvents[Type]) => void };

/** What each event changes in the cache. Lists that were not fetched yet are left alone: the fetch brings them. */
export const handlers: Handlers = {
  run: takeRun,
  sample: (client, { run_id, ...sample }) => {
    client.setQueryData<Samples>(keys.samples(run_id), (old) => {
      const last = old?.samples.at(-1);
      if (!old || (last && last.at >= sample.at)) return old;
      return { ...old, samples: [...old.samples, sample].slice(-SAMPLES_KEPT) };
    });
  },
  log: (_, { run_id, ...line }) => {
    pushLine(run_id, line);
  },
  run_deleted: (client, { run_id }) => {
    dropRun(client, run_id);
  },
  control_log: (_, line) => {
    pushLine(CONTROL, line);
  },
};

/** Opens the stream; the returned function closes it for good. */
export function connect(client: QueryClient, report: (connection: Connection) => void): () => void {
  let source: EventSource | null = null;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let heardAt: number | null = null;

  /** When it was last told that the stream is open; null while it is not. */
  let toldAt: number | null = null;

  const heard = () => {
    heardAt = Date.now();
    if (toldAt !== null && heardAt - toldAt < TELL_MS) return;
    toldAt = heardAt;
    report({ kind: "open", heardAt });
  };
  const refreshFed = () => void refresh(client, { predicate: ({ queryKey }) => fed.has(queryKey[0]) });

  const open = () => {
    const stream = new EventSource(eventsAddress);
    let fresh = true;
    source = stream;
    stream.onopen = () => {
      heard();
      // A new stream knows nothing of what happened before it; one that the browser reopens is told what it missed.
      if (fresh) refreshFed();
      fresh = false;
    };
    stream.onerror = () => {
      toldAt = null;
      report({ kind: "lost", heardAt });
      if (stream.readyState === EventSource.CLOSED) {
        // Refused rather than interrupted: perhaps the session has ended.
        void refresh(client, { queryKey: keys.session });
        clearTimeout(reopen);
        reopen = setTimeout(open, REOPEN_AFTER_MS);
      }
    };
    for (const type of Object.keys(handlers) as (keyof LiveEvents)[]) {
      stream.addEventListener(type, (event) => {
        heard();
        handlers[type](client, JSON.parse((event as MessageEvent<string>).data) as never);
      });
    }
    stream.addEventListener("status", () => void refresh(client, { queryKey: keys.status }));
    stream.addEventListener("resync", () => {
      heard();
      refreshFed();
    });
  };
  const close = () => {
    clearTimeout(reopen);
    source?.close();
    source = null;
  };
  const follow = () => {
    close();
    if (!document.hidden) open();
  };

  report({ kind: "connecting" });
  follow();
  document.addEventListener("visibilitychange", follow);
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
