import { expect, it } from "vitest";
import { leavesOf } from "./leaves";

it("lists the settings with their pointers", () => {
  const config = { targets: [{ url: "https://a/", site_id: 1 }], load: { days: ["Mon", "Tue"], limit: null } };
  expect(leavesOf(config)).toEqual([
    { pointer: "/targets/0/url", text: "https://a/" },
    { pointer: "/targets/0/site_id", text: "1" },
    { pointer: "/load/days", text: "Mon, Tue" },
    { pointer: "/load/limit", text: "null" },
  ]);
});

it("shows what is empty, and escapes names", () => {
  expect(leavesOf({ "a/b": "", list: [] })).toEqual([
    { pointer: "/a~1b", text: "–" },
    { pointer: "/list", text: "–" },
  ]);
});
