// The curve in one sentence.
import type { Sample } from "../api/types";
import { formatDuration, formatNumber } from "../format";
import { messages } from "../messages";
import { havePlan } from "./data";

const words = messages.chart;

export function summaryOf(samples: readonly Sample[], sending: boolean): string {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return "";
  const rates = samples.map((sample) => sample.visits_per_s);
  const low = formatNumber(rates.reduce((a, b) => Math.min(a, b)));
  const high = formatNumber(rates.reduce((a, b) => Math.max(a, b)));
  const span = formatDuration(Date.parse(last.at) - Date.parse(first.at));
  const plan = samples.map((sample) => sample.visits_per_s_planned);
  const planned = (value: number) => (havePlan(samples) ? formatNumber(value) : null);
  if (sending) {
    return words.summary(formatNumber(last.visits_per_s), planned(last.visits_per_s_planned), low, high, span);
  }
  return words.summaryEnded(formatNumber(meanOf(rates)), planned(meanOf(plan)), low, high, span);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
