import { describe, expect, it } from "vitest";
import {
  formatCount,
  formatDuration,
  formatMs,
  formatRate,
  formatRates,
  formatRough,
  formatRoughDuration,
  formatShare,
  sentence,
} from "./format";

describe("figures", () => {
  it("are unknown when nobody knows them, never zero", () => {
    expect([formatCount(null), formatMs(undefined), formatRate(null, "visits"), formatShare(null, 3)]).toEqual(
      Array(4).fill("unknown"),
    );
    expect(formatRates(null, null, "visits")).toBe("unknown");
    expect(formatRates(null, 5, "visits")).toBe("unknown / 5 visits/s");
  });

  it("carry a unit in which they can be read", () => {
    expect(formatRate(1000 / 86_400, "visits")).toBe("0.694 visits/min");
    expect(formatRate(10 / 86_400, "visits")).toBe("0.417 visits/h");
    expect(formatRates(0, 0.0116, "visits")).toBe("0 / 0.696 visits/min");
    expect(formatMs(12_340)).toBe("12.3 s");
    expect(formatMs(812.4)).toBe("812 ms");
  });

  it("round no share to nothing or to everything", () => {
    expect(formatShare(1, 100_000)).toBe("< 0.1 %");
    expect(formatShare(99_999, 100_000)).toBe("> 99.9 %");
    expect(formatShare(0, 10)).toBe("0 %");
    expect(formatShare(10, 10)).toBe("100 %");
    expect(formatShare(0, 0)).toBe("–");
  });

  it("tell ages in the two largest units", () => {
    expect([3_000, 192_000, 7_500_000, 200_000_000].map(formatDuration)).toEqual([
      "3 s",
      "3 min 12 s",
      "2 h 5 min",
      "2 d 7 h",
    ]);
    expect(formatDuration(-5)).toBe("0 s");
  });
});

it("makes sentences of the server's fragments", () => {
  expect(sentence("the port is taken")).toBe("The port is taken.");
  expect(sentence("Done.")).toBe("Done.");
});

describe("estimates", () => {
  it("have no more digits than they deserve", () => {
    expect([131_300, 5_377, 42].map(formatRough)).toEqual(["130,000", "5,400", "42"]);
    expect([400, 40_400, 203_000, 9_000_000, 400_000_000].map(formatRoughDuration)).toEqual([
      "1 s",
      "40 s",
      "3 min",
      "2.5 h",
      "4.6 d",
    ]);
    expect(formatRoughDuration(null)).toBe("unknown");
  });
});
