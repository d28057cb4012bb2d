import { expect, test } from "vitest";
import { byWeekday, extremes, hourName } from "./week";

const hours = Array.from({ length: 168 }, (_, hour) => (hour === 38 ? 90 : hour === 4 ? 2 : 40));

test("an hour of the week has a weekday and a clock", () => {
  expect(hourName(0)).toBe("Mon 00:00");
  expect(hourName(38)).toBe("Tue 14:00");
  expect(hourName(167)).toBe("Sun 23:00");
});

test("the busiest and the quietest hour are told, hours that never come left out", () => {
  expect(extremes(hours)).toBe("Busiest Tue 14:00 with about 90 visits an hour, quietest Mon 04:00 with about 2.");
  expect(extremes(hours.map((visits, hour) => (hour < 24 ? null : visits)))).toContain("quietest Tue 00:00");
  expect(extremes(hours.map(() => null))).toBeNull();
});

test("a week has seven days of 24 hours", () => {
  const days = byWeekday(hours);
  expect(days.map((day) => day.length)).toEqual([24, 24, 24, 24, 24, 24, 24]);
  expect(days[1]?.[14]).toBe(90);
});
