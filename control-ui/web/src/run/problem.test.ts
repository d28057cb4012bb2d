import { expect, it } from "vitest";
import { ApiError } from "../api/problem";
import { problemText } from "./problem";

it("does not say that a command was not done when nobody answered", () => {
  expect(problemText(new ApiError(null, null))).toMatch(/does not answer.*Nobody knows whether it was done/);
  expect(problemText(new ApiError(null, 500))).not.toMatch(/Nobody knows/);
});
