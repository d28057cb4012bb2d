// The curve in one sentence.
import type { Sample } from "../api/types";
import { formatDuration, formatNumber } from "../format";
import { messages } from "../messages";

const words = messages.chart;

export function summaryOf(samples: readonly Sample[], on: boolean): string {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return "";
  const rates = samples.map((sample) => sample.visits_per_s);
  const low = formatNumber(rates.reduce((a, b) => Math.min(a, b)));
  const high = formatNumber(rates.reduce((a, b) => Math.max(a, b)));
  const span = formatDuration(Date.parse(last.at) - Date.parse(first.at));
  const planned = formatNumber(last.visits_per_s_planned);
  if (on) return words.summary(formatNumber(last.visits_per_s), planned, low, high, span);
  const mean = rates.reduce((a, b) => a + b, 0) / rates.length;
  return words.summaryEnded(formatNumber(mean), planned, low, high, span);
}
