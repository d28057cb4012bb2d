import { QueryClient, type InfiniteData } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { logLine, run, sample, status } from "../test/samples";
import { CONTROL, LogBuffer, watchLog } from "../logs/buffer";
import { connect, handlers, type Connection } from "./live";
import { keys } from "./keys";
import type { Runs, Samples, Status } from "./types";

/** Stands in for the browser's EventSource; the test plays the server. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  say(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

function source(): FakeSource {
  const last = FakeSource.opened.at(-1);
  if (!last) throw new Error("no stream was opened");
  return last;
}

let client: QueryClient;
beforeEach(() => {
  client = new QueryClient();
});

describe("the live stream", () => {
  let close: () => void = () => undefined;
  const heard: Connection[] = [];
  beforeEach(() => {
    FakeSource.opened = [];
    heard.length = 0;
    vi.stubGlobal("EventSource", FakeSource);
    close = connect(client, (connection) => heard.push(connection));
  });
  afterEach(() => {
    close();
    Reflect.deleteProperty(document, "hidden");
  });

  it("feeds the cache", () => {
    source().say("run", run);
    expect(client.getQueryData(keys.run(run.id))).toEqual(run);
    expect(heard.at(-1)?.kind).toBe("open");
  });

  it("tells a few times a second at most that it lives, however much it hears", () => {
    vi.useFakeTimers();
    for (let count = 0; count < 500; count++) {
      source().say("control_log", logLine);
      vi.advanceTimersByTime(2);
    }
    vi.useRealTimers();
    expect(heard.filter(({ kind }) => kind === "open").length).toBeLessThanOrEqual(3);
  });

  it("takes a run that somebody deleted out of the list", () => {
    client.setQueryData<Runs>(keys.runs, { runs: [run], next: null });
    source().say("run_deleted", { run_id: run.id });
    expect(client.getQueryData<Runs>(keys.runs)?.runs).toEqual([]);
  });

  it("is closed while the page is hidden and opened again when it is shown", () => {
    const first = source();
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(first.readyState).toBe(FakeSource.CLOSED);
    expect(FakeSource.opened).toHaveLength(1);
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(FakeSource.opened).toHaveLength(2);
  });

  it("has everything read anew when events were missed", () => {
    client.setQueryData(keys.status, status);
    source().say("resync", {});
    expect(client.getQueryState(keys.status)?.isInvalidated).toBe(true);
  });

  it("opens a new stream, and asks who is signed in, when it was refused", () => {
    vi.useFakeTimers();
    client.setQueryData(keys.session, { kind: "signed_in" });
    source().readyState = FakeSource.CLOSED;
    source().onerror?.();
    expect(heard.at(-1)?.kind).toBe("lost");
    expect(client.getQueryState(keys.session)?.isInvalidated).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(FakeSource.opened).toHaveLength(2);
    vi.useRealTimers();
  });

  it("lets the browser mend an interruption", () => {
    source().readyState = 0;
    source().onerror?.();
    expect(heard.at(-1)?.kind).toBe("lost");
    expect(FakeSource.opened).toHaveLength(1);
  });
});

describe("an event", () => {
  it("of a run changes the lists that show it, and ends its being active", () => {
    client.setQueryData<Runs>(keys.runs, { runs: [], next: null });
    client.setQueryData<Status>(keys.status, status);
    handlers.run(client, run);
    expect(client.getQueryData<Runs>(keys.runs)?.runs).toHaveLength(1);
    expect(client.getQueryData<Status>(keys.status)?.active_runs).toHaveLength(1);
    handlers.run(client, { ...run, state: "succeeded" });
    expect(client.getQueryData<Runs>(keys.runs)?.runs[0]?.state).toBe("succeeded");
    expect(client.getQueryData<Status>(keys.status)?.active_runs).toHaveLength(0);
  });

  it("of a run changes its row in the long list; a change of state has the list read anew", () => {
    const key = keys.runList([], "");
    const { id, name, state } = run;
    client.setQueryData(key, { pages: [{ runs: [{ id, name, state }], next: null }], pageParams: [null] });
    client.setQueryData(keys.run(run.id), run);
    handlers.run(client, { ...run, name: "renamed" });
    expect(client.getQueryData<InfiniteData<Runs>>(key)?.pages[0]?.runs[0]?.name).toBe("renamed");
    expect(client.getQueryState(key)?.isInvalidated).toBe(false);
    handlers.run(client, { ...run, state: "succeeded" });
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  });

  it("of a sample is taken once and in order", () => {
    client.setQueryData<Samples>(keys.samples(run.id), { samples: [sample] });
    handlers.sample(client, { ...sample, run_id: run.id });
    expect(client.getQueryData<Samples>(keys.samples(run.id))?.samples).toHaveLength(1);
    handlers.sample(client, { ...sample, at: "2026-03-01T12:00:11.000Z", run_id: run.id });
    expect(client.getQueryData<Samples>(keys.samples(run.id))?.samples).toHaveLength(2);
  });

  it("of a log goes to the log that is looked at, and to no other", () => {
    vi.useFakeTimers();
    const [own, controls] = [new LogBuffer(), new LogBuffer()];
    const leave = watchLog(run.id, own);
    watchLog(CONTROL, controls);
    handlers.log(client, { ...logLine, run_id: run.id });
    handlers.control_log(client, logLine);
    leave();
    handlers.log(client, { ...logLine, run_id: run.id });
    vi.advanceTimersByTime(1000);
    expect(own.snapshot().lines).toHaveLength(1);
    expect(controls.snapshot().lines).toHaveLength(1);
    vi.useRealTimers();
  });

  it("before the first fetch changes nothing, because the fetch brings it", () => {
    handlers.sample(client, { ...sample, run_id: run.id });
    expect(client.getQueryData(keys.samples(run.id))).toBeUndefined();
  });
});
