// The lines of one log, as the page holds them: bounded, in order, each with a number that it keeps. Listeners are told
// a few times a second at most, however fast lines arrive.
import type { LogLine } from "../api/types";

/** Older lines than this many are dropped and counted as skipped. */
export const LINES_KEPT = 5000;
/** Listeners are told this long after a line came, together with all that came meanwhile; in milliseconds. */
const TELL_MS = 200;

export interface NumberedLine extends LogLine {
  /** Grows by one with each line of this buffer; never used twice. */
  readonly n: number;
}

export interface LogState {
  readonly lines: readonly NumberedLine[];
  /** Earlier lines that are not held. */
  readonly skipped: number;
}

export class LogBuffer {
  private lines: NumberedLine[] = [];
  private skipped = 0;
  private next = 0;
  private state: LogState = { lines: [], skipped: 0 };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes what the server has; lines that were heard meanwhile and are newer stay behind it. */
  seed(lines: readonly LogLine[], skipped: number): void {
    const last = lines.at(-1);
    const held = new Set(lines.filter(({ at }) => at === last?.at).map(({ text }) => text));
    const newer = this.lines.filter(({ at, text }) => !last || at > last.at || (at === last.at && !held.has(text)));
    this.lines = [...lines, ...newer].map((line) => ({ ...line, n: this.next++ }));
    this.skipped = skipped;
    this.tell();
  }

  push(line: LogLine): void {
    this.lines.push({ ...line, n: this.next++ });
    this.timer ??= setTimeout(this.tell, TELL_MS);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly snapshot = (): LogState => this.state;

  private readonly tell = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const over = Math.max(0, this.lines.length - LINES_KEPT);
    if (over > 0) {
      this.lines = this.lines.slice(over);
      this.skipped += over;
    }
    this.state = { lines: [...this.lines], skipped: this.skipped };
    for (const listener of this.listeners) listener();
  };
}

/** A run's id, or the control plane itself. */
export type LogSource = string;
export const CONTROL = "control";

/** The logs that are looked at; others are not kept. */
const open = new Map<LogSource, LogBuffer>();

/** Takes a line of a log that somebody looks at. */
export function pushLine(source: LogSource, line: LogLine): void {
  open.get(source)?.push(line);
}

/** Lines of this log go to this buffer until the returned function is called. */
export function watchLog(source: LogSource, buffer: LogBuffer): () => void {
  open.set(source, buffer);
  return () => {
    if (open.get(source) === buffer) open.delete(source);
  };
}
