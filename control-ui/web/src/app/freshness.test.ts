import { expect, it } from "vitest";
import { run } from "../test/samples";
import { freshnessOf } from "./freshness";

it("calls figures stale when a running loader falls silent, and not when none runs", () => {
  const connection = { kind: "open", heardAt: 1000 } as const;
  expect(freshnessOf(connection, run, 4000)).toEqual({ kind: "live" });
  expect(freshnessOf(connection, run, 13_000)).toEqual({ kind: "stale", ageMs: 12_000 });
  expect(freshnessOf(connection, { ...run, state: "paused" }, 13_000)).toEqual({ kind: "live" });
  expect(freshnessOf(connection, undefined, 13_000)).toEqual({ kind: "live" });
});

it("tells how long the stream has been cut off", () => {
  expect(freshnessOf({ kind: "lost", heardAt: 1000 }, run, 3000)).toEqual({ kind: "lost", ageMs: 2000 });
  expect(freshnessOf({ kind: "lost", heardAt: null }, run, 3000)).toEqual({ kind: "lost", ageMs: null });
});
