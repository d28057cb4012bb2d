// @vitest-environment node
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("the API's types are those of docs/openapi.json", () => {
  const check = spawnSync(process.execPath, ["scripts/gen-api.mjs", "--check"], { encoding: "utf8" });
  expect(check.stderr).toBe("");
  expect(check.status).toBe(0);
}, 30_000);
