import { expect, it } from "vitest";
import { logLine } from "../test/samples";
import { filtered, filterIn } from "./filter";

const lines = [
  { ...logLine, n: 0, level: "error", text: "Matomo refused" },
  { ...logLine, n: 1, level: "info", text: "visit 1 started" },
  { ...logLine, n: 2, level: "debug", text: "refused nothing" },
];
const texts = (filter: Parameters<typeof filtered>[1]) => filtered(lines, filter).map(({ n }) => n);

it("shows a level and what is worse", () => {
  expect(texts({ level: "warn" })).toEqual([0]);
  expect(texts({ level: "info" })).toEqual([0, 1]);
});

it("finds a text in whatever case", () => {
  expect(texts({ text: "REFUSED" })).toEqual([0, 2]);
  expect(texts({ level: "error", text: "refused" })).toEqual([0]);
});

it("takes from the address what it knows, and nothing else", () => {
  expect(filterIn({ level: "warn", text: "42", other: "x" })).toEqual({ level: "warn", text: "42" });
  expect(filterIn({ level: "loud" })).toEqual({});
});
