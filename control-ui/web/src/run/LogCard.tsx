// The last lines of a run's log. Text from outside only ever becomes text nodes. Not a live region: it would drown
// everything else.
import { useEffect, useRef, useState } from "react";
import { Checkbox } from "@mantine/core";
import type { LogLine, Logs } from "../api/types";
import { formatClock, formatCount, zoneName } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import tones from "../ui/tone.module.css";
import classes from "./LogCard.module.css";

const words = messages.log;
/** Scrolled this near to the end counts as being there, in pixels. */
const NEAR_END = 24;

const toneOf: Readonly<Record<string, string | undefined>> = {
  error: tones.bad,
  warn: tones.warn,
  info: tones.neutral,
};

export function LogCard({ logs }: { readonly logs: Logs }) {
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, logs]);
  const scrolled = () => {
    const { current } = box;
    if (!current) return;
    setFollow(current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END);
  };
  return (
    <Card
      title={words.title}
      aside={
        <Checkbox
          label={words.follow}
          title={words.followHelp}
          size="xs"
          checked={follow}
          onChange={(event) => {
            setFollow(event.currentTarget.checked);
          }}
        />
      }
    >
      <div className={classes.box} ref={box} onScroll={scrolled} role="region" aria-label={words.lines} tabIndex={0}>
        {logs.lines.length === 0 && <p className="tf-muted">{words.empty}</p>}
        <ol>
          {logs.lines.map((line, index) => (
            <Line key={`${line.at} ${logs.skipped + index}`} line={line} />
          ))}
        </ol>
      </div>
      <p className={classes.caption}>
        {words.caption(zoneName())} {logs.skipped > 0 && words.skipped(formatCount(logs.skipped))}
      </p>
    </Card>
  );
}

function Line({ line }: { readonly line: LogLine }) {
  return (
    <li>
      <time dateTime={line.at}>{formatClock(line.at)}</time>
      <span className={classes.source}>{words.sources[line.stream]}</span>
      <span className={`${classes.level} ${toneOf[line.level] ?? tones.neutral}`}>
        {words.levels[line.level] ?? line.level}
      </span>
      <span className={classes.text}>{line.text}</span>
    </li>
  );
}
