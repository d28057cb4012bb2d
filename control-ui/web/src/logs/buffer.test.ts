import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { logLine } from "../test/samples";
import { LINES_KEPT, LogBuffer } from "./buffer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const at = (second: number) => `2026-03-01T12:00:${String(second).padStart(2, "0")}.000Z`;
const line = (second: number, text = `line ${second}`) => ({ ...logLine, at: at(second), text });

it("tells its listeners once for many lines", () => {
  const buffer = new LogBuffer();
  const told = vi.fn();
  buffer.subscribe(told);
  for (let second = 0; second < 50; second++) buffer.push(line(second));
  expect(told).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(told).toHaveBeenCalledTimes(1);
  expect(buffer.snapshot().lines).toHaveLength(50);
});

it("keeps the newest lines, and counts the others", () => {
  const buffer = new LogBuffer();
  buffer.seed([line(0)], 7);
  for (let count = 0; count < LINES_KEPT + 2; count++) buffer.push(line(1, `more ${count}`));
  vi.advanceTimersByTime(200);
  const { lines, skipped } = buffer.snapshot();
  expect(lines).toHaveLength(LINES_KEPT);
  expect(skipped).toBe(7 + 3);
  expect(lines.at(-1)?.text).toBe(`more ${LINES_KEPT + 1}`);
});

it("joins what the server has with what was heard meanwhile, each line once", () => {
  const buffer = new LogBuffer();
  for (const heard of [line(2), line(3), line(3, "same moment"), line(4)]) buffer.push(heard);
  buffer.seed([line(1), line(2), line(3)], 0);
  expect(buffer.snapshot().lines.map(({ text }) => text)).toEqual([
    "line 1",
    "line 2",
    "line 3",
    "same moment",
    "line 4",
  ]);
});

it("gives each line a number that grows, also after a new beginning", () => {
  const buffer = new LogBuffer();
  buffer.seed([line(1)], 0);
  const before = buffer.snapshot().lines[0]?.n ?? -1;
  buffer.seed([line(1), line(2)], 0);
  expect(buffer.snapshot().lines.every(({ n }) => n > before)).toBe(true);
});
