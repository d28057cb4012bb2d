// The lines themselves: a long list of which only what is in view is drawn. Text from outside only ever becomes text
// nodes.
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { formatClock, formatCount } from "../format";
import { messages } from "../messages";
import tones from "../ui/tone.module.css";
import type { NumberedLine } from "./buffer";
import classes from "./LogPanel.module.css";
import { ROW, rowOf, windowOf } from "./window";

const words = messages.log;
/** Scrolled this near to the end counts as being there, in pixels. */
const NEAR_END = 24;

const toneOf: Readonly<Record<string, string | undefined>> = { error: tones.bad, warn: tones.warn };

interface Props {
  readonly lines: readonly NumberedLine[];
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  /** Instead of lines, when there are none. */
  readonly empty: ReactNode;
}

export function LineList({ lines, follow, onFollow, empty }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  /** The line on top when following ended; it stays there while older ones go. */
  const anchor = useRef<{ n: number; offset: number } | null>(null);
  const [leftAt, setLeftAt] = useState(0);

  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    if (follow) current.scrollTop = current.scrollHeight;
    else if (anchor.current) current.scrollTop = rowOf(lines, anchor.current.n) * ROW + anchor.current.offset;
  }, [lines, follow]);

  const scrolled = () => {
    const { current } = box;
    if (!current) return;
    const { scrollTop, clientHeight, scrollHeight } = current;
    setView({ top: scrollTop, height: clientHeight });
    const first = Math.floor(scrollTop / ROW);
    anchor.current = { n: lines[first]?.n ?? 0, offset: scrollTop - first * ROW };
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (atEnd === follow) return;
    if (!atEnd) setLeftAt(lines.at(-1)?.n ?? 0);
    onFollow(atEnd);
  };
  const { from, to } = windowOf(lines.length, view.top, view.height);
  const newer = follow ? 0 : lines.length - rowOf(lines, leftAt + 1);
  return (
    <div className={classes.frame}>
      <div className={classes.box} ref={box} onScroll={scrolled} role="region" aria-label={words.lines} tabIndex={0}>
        {lines.length === 0 && <div className={classes.empty}>{empty}</div>}
        <ol className={classes.lines} style={{ height: lines.length * ROW }}>
          {lines.slice(from, to).map((line, index) => (
            <li
              key={line.n}
              aria-setsize={lines.length}
              aria-posinset={from + index + 1}
              style={{ top: (from + index) * ROW }}
            >
              <time dateTime={line.at}>{formatClock(line.at)}</time>
              <span className={classes.source}>{words.sources[line.stream]}</span>
              <span className={`${classes.level} ${toneOf[line.level] ?? tones.neutral}`}>
                {words.levels[line.level] ?? line.level}
              </span>
              <span className={classes.line}>{line.text}</span>
            </li>
          ))}
        </ol>
      </div>
      {!follow && (
        <button
          type="button"
          className={classes.newer}
          onClick={() => {
            onFollow(true);
            box.current?.focus({ preventScroll: true });
          }}
        >
          {newer > 0 ? words.newLines(newer, formatCount(newer)) : words.toEnd}
        </button>
      )}
    </div>
  );
}
