import { expect, it } from "vitest";
import { momentOf } from "./moment";

it.each([
  ["2026-03-01T02:00", "UTC", "2026-03-01T02:00:00.000Z"],
  ["2026-01-10T02:00", "Europe/Stockholm", "2026-01-10T01:00:00.000Z"],
  ["2026-07-10T02:00", "Europe/Stockholm", "2026-07-10T00:00:00.000Z"],
  ["2026-07-10T02:00", "America/New_York", "2026-07-10T06:00:00.000Z"],
  ["2026-07-10T02:30", "Asia/Kolkata", "2026-07-09T21:00:00.000Z"],
  // The clocks skip 02:30 on this night: an hour later it is 03:30.
  ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  // And here 02:30 comes twice.
  ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
])("%s in %s", (local, zone, moment) => {
  expect(momentOf(local, zone)).toBe(moment);
});

it("is none of what is none", () => {
  expect(momentOf("", "UTC")).toBeNull();
  expect(momentOf("2026-03-01T02:00", "Nowhere/Here")).toBeNull();
});
