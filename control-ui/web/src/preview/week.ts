// The hours of a week as the page tells them.
import { formatRough } from "../format";
import { messages } from "../messages";

const words = messages.preview;

const HOURS_A_DAY = 24;

/** "Tue 14:00" of an hour of the week; Monday 0:00 is 0. */
export function hourName(hour: number): string {
  return `${words.weekdaysShort[Math.floor(hour / HOURS_A_DAY)] ?? ""} ${clockOf(hour % HOURS_A_DAY)}`;
}

export function clockOf(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** The busiest and the quietest hour in words; null when no hour is known. */
export function extremes(hours: readonly (number | null)[]): string | null {
  const known = hours.flatMap((visits, hour) => (visits === null ? [] : [{ visits, hour }]));
  const [first, ...others] = known;
  if (!first) return null;
  const busiest = others.reduce((best, one) => (one.visits > best.visits ? one : best), first);
  const quietest = others.reduce((best, one) => (one.visits < best.visits ? one : best), first);
  return words.extremes(
    hourName(busiest.hour),
    formatRough(busiest.visits),
    hourName(quietest.hour),
    formatRough(quietest.visits),
  );
}

/** The hours of each weekday, Monday first. */
export function byWeekday(hours: readonly (number | null)[]): readonly (readonly (number | null)[])[] {
  return words.weekdays.map((_, day) => hours.slice(day * HOURS_A_DAY, (day + 1) * HOURS_A_DAY));
}
