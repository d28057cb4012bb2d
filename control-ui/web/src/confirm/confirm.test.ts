import { describe, expect, it } from "vitest";
import { budgetOf, budgetProblem, typedProblem } from "./confirm";

const host = { host: "matomo.example:8080", needed: true };

describe("the host typed back", () => {
  it("is taken with blanks around it and in any case", () => {
    expect(typedProblem(host, " Matomo.Example:8080 ")).toBeNull();
  });

  it("is told apart from another one, and from nothing", () => {
    expect(typedProblem(host, "matomo.example")).toContain("“matomo.example” is another host");
    expect(typedProblem(host, " ")).toContain("Nothing was typed");
  });

  it("is not asked for when the host is confirmed", () => {
    expect(typedProblem({ ...host, needed: false }, "")).toBeNull();
  });
});

describe("a budget", () => {
  it.each([
    ["50000", 50_000],
    ["50,000", 50_000],
    ["1 000 000", 1_000_000],
    ["0", null],
    ["-5", null],
    ["1.5", null],
    ["many", null],
    ["", null],
  ])("%s", (text, value) => {
    expect(budgetOf(text)).toBe(value);
  });

  it("is asked for where hits are billed, and must be one wherever it is given", () => {
    expect(budgetProblem(true, "")).toContain("A budget is needed");
    expect(budgetProblem(false, "")).toBeNull();
    expect(budgetProblem(false, "lots")).toContain("“lots” is not a whole number");
  });
});
