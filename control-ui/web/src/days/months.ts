// Days as dates without a time: "2026-09-01". Months and weeks for a calendar, and days in words.

/** Days of a week, Monday first; null where the week belongs to another month. */
type Week = readonly (string | null)[];

export interface Month {
  /** "2026-09" */
  readonly key: string;
  readonly title: string;
  readonly weeks: readonly Week[];
}

const DAY_MS = 86_400_000;
const DAYS_A_WEEK = 7;

const monthTitle = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const dayTitle = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" });

function at(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day so many days later, or earlier. */
export function plusDays(day: string, days: number): string {
  return new Date(at(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days there are from the first to the last, both included. */
export function daysFrom(first: string, last: string): number {
  return Math.round((at(last) - at(first)) / DAY_MS) + 1;
}

/** The day that it is in a zone; in UTC where nobody knows the zone. */
export function todayIn(zone: string, now: number): string {
  const format = (timeZone: string) => new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(now);
  try {
    return format(zone);
  } catch {
    return format("UTC");
  }
}

/** "12 September 2026" */
export function dayName(day: string): string {
  return dayTitle.format(at(day));
}

/** "12 to 30 September 2026", with as much said of the first day as differs. */
export function spanName(first: string, last: string): string {
  if (first === last) return dayName(first);
  const parts = dayName(first).split(" ");
  const [sameYear, sameMonth] = [first.slice(0, 4) === last.slice(0, 4), first.slice(0, 7) === last.slice(0, 7)];
  const said = sameMonth ? parts.slice(0, 1) : sameYear ? parts.slice(0, 2) : parts;
  return `${said.join(" ")} to ${dayName(last)}`;
}

/** Monday first. */
export const weekdays: readonly string[] = Array.from({ length: DAYS_A_WEEK }, (_, index) =>
  weekday.format(at(plusDays("2024-01-01", index))),
);

/** The months in which days lie, each with all its weeks. */
export function monthsOf(days: readonly string[]): Month[] {
  return [...new Set(days.map((day) => day.slice(0, 7)))].sort().map((key) => {
    const first = `${key}-01`;
    const before = (new Date(at(first)).getUTCDay() + 6) % DAYS_A_WEEK;
    const weeks: Week[] = [];
    for (let start = plusDays(first, -before); start.slice(0, 7) <= key; start = plusDays(start, DAYS_A_WEEK)) {
      const week = Array.from({ length: DAYS_A_WEEK }, (_, index) => plusDays(start, index));
      weeks.push(week.map((day) => (day.startsWith(key) ? day : null)));
    }
    return { key, title: monthTitle.format(at(first)), weeks };
  });
}
