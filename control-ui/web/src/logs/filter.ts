// Which lines of a log are shown: those of a level and worse that hold a text, in whatever case.
import type { SearchTexts } from "../app/search";
import type { NumberedLine } from "./buffer";

export const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogFilter {
  /** This level and worse; undefined: all. */
  readonly level?: Level | undefined;
  readonly text?: string | undefined;
}

/** What the address says of a filter; anything else is left out. */
export function filterIn(search: SearchTexts): LogFilter {
  return { level: LEVELS.find((one) => one === search.level), text: search.text };
}

export function filtered(lines: readonly NumberedLine[], { level, text }: LogFilter): readonly NumberedLine[] {
  if (level === undefined && !text) return lines;
  const worst = level === undefined ? LEVELS.length : LEVELS.indexOf(level);
  const sought = text?.toLowerCase() ?? "";
  return lines.filter((line) => {
    const rank = LEVELS.findIndex((one) => one === line.level);
    return (rank === -1 || rank <= worst) && line.text.toLowerCase().includes(sought);
  });
}

export interface LogSearch extends LogFilter {
  /** A run's id, or the control plane. */
  readonly source?: string | undefined;
}

export function logSearchIn(search: SearchTexts): LogSearch {
  return { ...filterIn(search), source: search.source };
}
