// The curve itself, drawn by uPlot, with a slider that moves its cursor by keyboard.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import type { Incident, Sample } from "../api/types";
import { formatClock, formatNumber } from "../format";
import { messages } from "../messages";
import classes from "./Chart.module.css";
import { columnsOf, havePlan } from "./data";
import { CHART_HEIGHT, coloursOf, optionsOf } from "./options";

const words = messages.chart;

interface Props {
  readonly samples: readonly Sample[];
  readonly incidents: readonly Incident[];
  /** Index of the sample under the cursor; null when there is none. */
  readonly cursor: number | null;
  readonly onCursor: (index: number | null) => void;
}

function indexAt(samples: readonly Sample[], seconds: number | null): number | null {
  if (seconds === null) return null;
  const index = samples.findIndex((sample) => Date.parse(sample.at) / 1000 >= seconds);
  return index === -1 ? null : index;
}

export function Chart({ samples, incidents, cursor, onCursor }: Props) {
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const columns = useMemo(() => columnsOf(samples), [samples]);
  // What the chart's own callbacks look at: always the latest, without making the chart anew.
  const latest = useRef({ samples, incidents, columns, onCursor });
  useLayoutEffect(() => {
    latest.current = { samples, incidents, columns, onCursor };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf({
        colours: coloursOf(element),
        width: element.clientWidth,
        incidents: () => latest.current.incidents,
        onCursor: (seconds) => {
          latest.current.onCursor(indexAt(latest.current.samples, seconds));
        },
      }),
      latest.current.columns,
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: CHART_HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [scheme]);

  useEffect(() => {
    chart.current?.setData(columns);
  }, [columns]);

  const moveTo = (index: number) => {
    const sample = samples[index];
    const { current } = chart;
    onCursor(index);
    if (sample && current) current.setCursor({ left: current.valToPos(Date.parse(sample.at) / 1000, "x"), top: 0 });
  };
  const index = cursor ?? samples.length - 1;
  const shown = samples[index];
  return (
    <div className={classes.chart}>
      <div ref={box} className={classes.canvas} aria-hidden="true" />
      <input
        type="range"
        className={classes.slider}
        aria-label={words.cursor}
        aria-valuetext={
          shown &&
          words.cursorText(
            formatClock(shown.at),
            formatNumber(shown.visits_per_s),
            havePlan(samples) ? formatNumber(shown.visits_per_s_planned) : null,
          )
        }
        min={0}
        max={Math.max(0, samples.length - 1)}
        value={index}
        onChange={(event) => {
          moveTo(Number(event.currentTarget.value));
        }}
      />
    </div>
  );
}
