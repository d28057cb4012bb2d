import { expect, it } from "vitest";
import { ROW, rowOf, windowOf } from "./window";

it("draws what is in view and a little more", () => {
  expect(windowOf(5000, 100 * ROW, 400)).toEqual({ from: 80, to: 140 });
  expect(windowOf(10, 0, 400)).toEqual({ from: 0, to: 10 });
  expect(windowOf(0, 0, 400)).toEqual({ from: 0, to: 0 });
});

it("finds a line again after others have gone", () => {
  const rows = [{ n: 4 }, { n: 7 }, { n: 9 }];
  expect(rowOf(rows, 7)).toBe(1);
  expect(rowOf(rows, 5)).toBe(1);
  expect(rowOf(rows, 99)).toBe(3);
});
