import { describe, expect, it } from "vitest";
import type { Sample } from "../api/types";
import { sample } from "../test/samples";
import { columnsOf } from "./data";
import { summaryOf } from "./summary";

const at = (seconds: number, rate = 1): Sample => ({
  ...sample,
  at: new Date(seconds * 1000).toISOString(),
  visits_per_s: rate,
});

describe("the curve", () => {
  it("is broken where the run paused", () => {
    const [times, actual] = columnsOf([at(0), at(1), at(31), at(32)]);
    expect(times).toEqual([0, 1, 16, 31, 32]);
    expect(actual).toEqual([1, 1, null, 1, 1]);
  });

  it("is whole where samples are a minute apart", () => {
    expect(columnsOf([at(0), at(1), at(2)])[0]).toHaveLength(3);
    expect(columnsOf([at(60), at(120), at(180), at(181)])[1]).not.toContain(undefined);
  });

  it("is said in a sentence", () => {
    expect(summaryOf([at(0, 1), at(60, 3)], true)).toBe(
      "3 visits/s now, 5 planned; between 1 and 3 in the last 1 min 0 s.",
    );
    expect(summaryOf([at(0, 1), at(60, 3)], false)).toBe(
      "2 visits/s on average, 5 planned; between 1 and 3 over 1 min 0 s.",
    );
    expect(summaryOf([], true)).toBe("");
  });
});
