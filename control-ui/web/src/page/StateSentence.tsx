// What is going on, in one sentence. A change of state is read out; the passing of time is not.
import type { RunView } from "../api/types";
import { formatDuration, formatMoment } from "../format";
import { messages } from "../messages";
import { lookOfLoader, lookOfRun, sizeOf, targetOf } from "../run/state";

interface Props {
  readonly run: RunView | undefined;
  readonly on: boolean;
  readonly now: number;
}

export function StateSentence({ run, on, now }: Props) {
  const announced = run ? `${lookOfRun(run.state).word}: ${sizeOf(run)}, ${targetOf(run)}` : "";
  return (
    <div className="tf-sentence">
      <p>{sentenceOf(run, on, now)}</p>
      <p className="tf-hidden" role="status">
        {announced}
      </p>
    </div>
  );
}

function sentenceOf(run: RunView | undefined, on: boolean, now: number): string {
  if (!run) return messages.page.idle;
  if (!on) return messages.page.over(lookOfRun(run.state).word, sizeOf(run), targetOf(run), formatMoment(run.ended_at));
  const since = run.started_at ?? run.created_at;
  const age = formatDuration(now - Date.parse(since));
  return messages.page.on(lookOfLoader(run).word, sizeOf(run), targetOf(run), `${formatMoment(since)} (${age})`);
}
