import { describe, expect, it } from "vitest";
import { read, shown, told } from "./text";

const number = { widget: "number", unit: "s", off: 0 } as const;
const percent = { widget: "percent", unit: null, off: undefined } as const;
const words = { notSet: "not set", none: "none", on: "on", off: "off" };

describe("a typed text", () => {
  it.each([
    ["20000", 20000],
    [" 0.5 ", 0.5],
    ["-3", -3],
    ["many", "many"],
    ["1,000", "1,000"],
    ["", undefined],
  ])("of a number: %s", (typed, value) => {
    expect(read(number, typed)).toBe(value);
  });

  it.each([
    ["15", 0.15],
    ["7", 0.07],
    ["12.5 %", 0.125],
    ["0.1", 0.001],
    ["a lot", "a lot"],
  ])("of a share in percent: %s", (typed, value) => {
    expect(read(percent, typed)).toBe(value);
  });

  it.each([0.07, 0.29, 0.57, 0.145, 1, 0, 0.333])("goes back and forth without dust: %s", (value) => {
    expect(read(percent, shown(percent, value))).toBe(value);
  });

  it("that is no number is shown as it was typed", () => {
    expect(shown(percent, "a lot")).toBe("a lot");
    expect(shown(number, null)).toBe("");
  });
});

describe("a value in words", () => {
  it.each([
    [number, 1500, "1,500 s"],
    [number, 0, "off"],
    [number, null, "not set"],
    [percent, 0.07, "7 %"],
    [percent, true, "on"],
    [percent, [0, 5.99], "0, 5.99"],
    [percent, [{ country: "DE", weight: 0.1 }], "DE 0.1"],
    [percent, [], "none"],
  ] as const)("%#", (field, value, text) => {
    expect(told(field, value, words)).toBe(text);
  });
});
