// How the curve looks. Colours come from the page's tokens, so the chart is made anew when the scheme changes.
import type uPlot from "uplot";
import type { Incident } from "../api/types";
import { formatNumber } from "../format";

/** The time axis spans at least this many seconds, so that the first points are not stretched over the width. */
const MIN_SPAN_S = 60;
export const CHART_HEIGHT = 244;

interface Colours {
  readonly accent: string;
  readonly accentSoft: string;
  readonly plan: string;
  readonly line: string;
  readonly muted: string;
  readonly warn: string;
  readonly bad: string;
}

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--tf-${name}`).trim();
  return {
    accent: token("accent"),
    accentSoft: token("accent-soft"),
    plan: token("plan"),
    line: token("line"),
    muted: token("muted"),
    warn: token("warn"),
    bad: token("bad"),
  };
}

const twoDigits = (value: number) => String(value).padStart(2, "0");

function clockOf(seconds: number, step: number): string {
  const at = new Date(seconds * 1000);
  const minutes = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  return step < 60 ? `${minutes}:${twoDigits(at.getSeconds())}` : minutes;
}

/** Incidents worse than "info" as vertical marks. */
function drawMarks(chart: uPlot, incidents: readonly Incident[], colours: Colours): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  for (const incident of incidents) {
    if (incident.severity === "info") continue;
    const x = Math.round(chart.valToPos(Date.parse(incident.at) / 1000, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = incident.severity === "error" ? colours.bad : colours.warn;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

interface Given {
  readonly colours: Colours;
  readonly width: number;
  readonly incidents: () => readonly Incident[];
  readonly onCursor: (seconds: number | null) => void;
}

export function optionsOf({ colours, width, incidents, onCursor }: Given): uPlot.Options {
  const font = "12px system-ui, sans-serif";
  const axis = { font, stroke: colours.muted, ticks: { show: false }, grid: { stroke: colours.line, width: 1 } };
  return {
    width,
    height: CHART_HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: (_, min, max) => [min, Math.max(max, min + MIN_SPAN_S)] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 72,
        values: (_, splits, __, ___, step) => splits.map((at) => clockOf(at, step)),
      },
      { ...axis, size: 48, space: 44, values: (_, splits) => splits.map(formatNumber) },
    ],
    series: [
      {},
      { stroke: colours.accent, width: 2, fill: `${colours.accent}14`, points: { show: false } },
      { stroke: colours.plan, width: 2, dash: [6, 5], points: { show: false } },
    ],
    hooks: {
      draw: [
        (chart) => {
          drawMarks(chart, incidents(), colours);
        },
      ],
      setCursor: [
        (chart) => {
          const index = chart.cursor.idx;
          onCursor(index == null ? null : (chart.data[0][index] ?? null));
        },
      ],
    },
  };
}
