// Samples as the columns that uPlot draws.
import type uPlot from "uplot";
import type { Sample } from "../api/types";

/** Samples come each second, older ones each minute; a longer pause than this many seconds is a gap in the curve … */
const GAP_S = 5;
/** … unless the samples around it are that sparse: this many times the step before. */
const GAP_STEPS = 3;

/** A backfill has no pace that it plans: it goes as fast as it may. */
export function havePlan(samples: readonly Sample[]): boolean {
  return samples.some(({ visits_per_s_planned }) => visits_per_s_planned > 0);
}

/** Seconds since the epoch, visits/s started, visits/s planned (nothing where no pace is planned at all). A gap is drawn as a gap, never bridged by a line. */
export function columnsOf(samples: readonly Sample[]): uPlot.AlignedData {
  const times: number[] = [];
  const actual: (number | null)[] = [];
  const planned: (number | null)[] = [];
  const hasPlan = havePlan(samples);
  let step = 1;
  for (const sample of samples) {
    const at = Date.parse(sample.at) / 1000;
    const before = times.at(-1);
    if (before !== undefined) {
      if (at - before > Math.max(GAP_S, GAP_STEPS * step)) {
        times.push(before + (at - before) / 2);
        actual.push(null);
        planned.push(null);
      }
      step = at - before;
    }
    times.push(at);
    actual.push(sample.visits_per_s);
    planned.push(hasPlan ? sample.visits_per_s_planned : null);
  }
  return [times, actual, planned];
}
