// A time of the clock in some zone, as a moment.

/** How far the zone's clock is ahead of UTC at a moment, in milliseconds. */
function aheadAt(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(at / 1000) * 1000;
}

/**
 * The moment of a time such as "2026-03-01T02:00" in a zone, as RFC 3339 in UTC; null when one of them is none. A time
 * that the clocks skip is taken as that much later; of one that comes twice, the first is meant.
 */
export function momentOf(local: string, zone: string): string | null {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  try {
    const before = wall - aheadAt(zone, wall - 86_400_000);
    const after = wall - aheadAt(zone, wall + 86_400_000);
    const fits = [before, after].filter((at) => at + aheadAt(zone, at) === wall);
    return new Date(fits.length > 0 ? Math.min(...fits) : before).toISOString();
  } catch {
    return null;
  }
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
