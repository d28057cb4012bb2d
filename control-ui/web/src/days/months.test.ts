import { describe, expect, it } from "vitest";
import { dayName, daysFrom, monthsOf, plusDays, spanName, todayIn, weekdays } from "./months";

describe("days without a time", () => {
  it("go on over months, leap days and years", () => {
    expect(plusDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(plusDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysFrom("2026-10-24", "2026-10-26")).toBe(3);
  });

  it("are today in the zone of the run, not in that of the browser", () => {
    const now = Date.parse("2026-09-20T23:30:00Z");
    expect(todayIn("Asia/Tokyo", now)).toBe("2026-09-21");
    expect(todayIn("UTC", now)).toBe("2026-09-20");
    expect(todayIn("No/Where", now)).toBe("2026-09-20");
  });

  it("are said without saying anything twice", () => {
    expect(dayName("2026-09-01")).toBe("1 September 2026");
    expect(spanName("2026-09-12", "2026-09-30")).toBe("12 to 30 September 2026");
    expect(spanName("2026-08-30", "2026-09-02")).toBe("30 August to 2 September 2026");
    expect(spanName("2025-12-30", "2026-01-02")).toBe("30 December 2025 to 2 January 2026");
    expect(spanName("2026-09-12", "2026-09-12")).toBe("12 September 2026");
  });
});

describe("months of a calendar", () => {
  it("hold whole weeks that begin on Monday", () => {
    const [august, september] = monthsOf(["2026-08-31", "2026-09-01", "2026-09-02"]);
    expect(august?.title).toBe("August 2026");
    expect(august?.weeks.at(-1)).toEqual(["2026-08-31", null, null, null, null, null, null]);
    expect(september?.weeks[0]?.slice(0, 2)).toEqual([null, "2026-09-01"]);
    expect(september?.weeks).toHaveLength(5);
    expect(weekdays[0]).toBe("Monday");
  });
});
