import { expect, it } from "vitest";
import { browserOf } from "./browser";

it.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0",
    "Edge 141, Windows",
  ],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari 18, iOS"],
  ["curl/8.5.0", "curl/8.5.0"],
])("shortens %s", (agent, short) => {
  expect(browserOf(agent)).toBe(short);
});

it("does not invent a browser, and bounds what it does not know", () => {
  expect(browserOf("")).toBeNull();
  expect(browserOf("x".repeat(500))).toHaveLength(60);
});
