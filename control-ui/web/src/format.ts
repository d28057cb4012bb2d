// Figures and times in words. Every function takes null and answers "unknown": the page never shows a made-up zero.
import { messages } from "./messages";

type Figure = number | null | undefined;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function formatCount(value: Figure): string {
  return value == null ? messages.unknown : whole.format(value);
}

const rough = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** An estimate, with no more digits than it deserves. */
export function formatRough(value: Figure): string {
  return value == null ? messages.unknown : rough.format(value);
}

/** A count with its noun: "1 hit", "1,204 hits". */
export function formatHits(value: Figure): string {
  return value == null ? messages.unknown : `${whole.format(value)} ${value === 1 ? "hit" : "hits"}`;
}

export function formatMs(value: Figure): string {
  if (value == null) return messages.unknown;
  if (value >= 10_000) return `${short.format(value / 1000)} s`;
  return `${value >= 100 ? whole.format(value) : short.format(value)} ms`;
}

export function formatShare(part: Figure, of: Figure): string {
  if (part == null || of == null) return messages.unknown;
  if (of === 0) return "–";
  const percent = (100 * part) / of;
  // A share that is not nothing is never shown as 0 %, and one that is not all never as 100 %.
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent < 100 && percent > 99.9) return "> 99.9 %";
  return `${percent.toFixed(percent === 0 || percent === 100 ? 0 : 1)} %`;
}

/** The unit in which a rate is readable; two rates that are compared share the unit of the larger one. */
export function rateUnit(perSecond: number): { readonly factor: number; readonly unit: string } {
  if (perSecond >= 0.1 || perSecond === 0) return { factor: 1, unit: "s" };
  if (perSecond * 60 >= 0.1) return { factor: 60, unit: "min" };
  return { factor: 3600, unit: "h" };
}

export function formatRate(perSecond: Figure, noun: string): string {
  if (perSecond == null) return messages.unknown;
  const { factor, unit } = rateUnit(perSecond);
  return `${short.format(perSecond * factor)} ${noun}/${unit}`;
}

/** "0.8 of 0.7 visits/s": now and planned, in one unit. */
export function formatRates(now: Figure, planned: Figure, noun: string): string {
  if (now == null && planned == null) return messages.unknown;
  const { factor, unit } = rateUnit(Math.max(now ?? 0, planned ?? 0));
  const figure = (value: Figure) => (value == null ? messages.unknown : short.format(value * factor));
  return `${figure(now)} / ${figure(planned)} ${noun}/${unit}`;
}

/** "1.2 GB", "340 MB". */
export function formatBytes(bytes: Figure): string {
  if (bytes == null) return messages.unknown;
  if (bytes >= 1e9) return `${short.format(bytes / 1e9)} GB`;
  return bytes >= 1e6 ? `${short.format(bytes / 1e6)} MB` : `${short.format(bytes / 1e3)} kB`;
}

export function formatNumber(value: Figure): string {
  return value == null ? messages.unknown : short.format(value);
}

/** "48 s", "3 min 12 s", "2 h 5 min". */
export function formatDuration(ms: Figure): string {
  if (ms == null) return messages.unknown;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** An estimate of a time: "40 s", "3 min", "2.5 h", "4 d". */
export function formatRoughDuration(ms: Figure): string {
  if (ms == null) return messages.unknown;
  const seconds = ms / 1000;
  if (seconds < 90) return `${rough.format(Math.max(1, Math.round(seconds)))} s`;
  if (seconds < 90 * 60) return `${rough.format(Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600 ? `${rough.format(seconds / 3600)} h` : `${rough.format(seconds / 86_400)} d`;
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-CA", { dateStyle: "short" });
const zone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset" });

/** The reader's zone, as "UTC+1". */
export function zoneName(at: Date = new Date()): string {
  const name = zone.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "local time";
  return name.replace("GMT", "UTC");
}

export function formatClock(at: string | number | null | undefined): string {
  if (at == null) return messages.unknown;
  return clock.format(new Date(at));
}

/** "2026-03-01 14:03:10 UTC+1". */
export function formatMoment(at: string | null | undefined): string {
  if (at == null) return messages.unknown;
  const date = new Date(at);
  return `${day.format(date)} ${clock.format(date)} ${zoneName(date)}`;
}

/** The server's messages are fragments; on the page they are sentences. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
