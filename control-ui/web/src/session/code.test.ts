import { beforeEach, expect, it } from "vitest";
import { takeCodeFromAddress } from "./code";

beforeEach(() => {
  window.history.replaceState(null, "", "/");
});

it("takes the code out of the address and leaves the rest", () => {
  window.history.replaceState(null, "", "/?run=1#code=ABC123");
  const before = window.history.length;
  expect(takeCodeFromAddress()).toBe("ABC123");
  expect(window.location.href).toMatch(/\/\?run=1$/);
  expect(window.history.length).toBe(before);
  expect(takeCodeFromAddress()).toBeNull();
});

it("leaves other fragments alone", () => {
  window.history.replaceState(null, "", "/#main");
  expect(takeCodeFromAddress()).toBeNull();
  expect(window.location.hash).toBe("#main");
});
