// What is going on, in one sentence. A change of state is read out; the passing of time is not.
import type { RunView } from "../api/types";
import { formatDuration, formatMoment } from "../format";
import { messages } from "../messages";
import { lookOfLoader, lookOfRun, sizeOf, targetOf } from "./state";
import tones from "../ui/tone.module.css";
import type { Freshness } from "../app/freshness";

interface Props {
  readonly run: RunView | undefined;
  readonly on: boolean;
  readonly now: number;
  readonly freshness: Freshness;
}

export function StateSentence({ run, on, now, freshness }: Props) {
  const lost = freshness.kind === "lost";
  const state = run ? `${lookOfRun(run.state).word}: ${sizeOf(run)}, ${targetOf(run)}` : "";
  const announced = lost ? messages.page.cutOff("", state) : state;
  const ageMs = lost ? freshness.ageMs : null;
  const sentence = sentenceOf(run, on, now - (ageMs ?? 0));
  return (
    <div className="tf-sentence">
      {lost ? (
        <p className={tones.bad}>{messages.page.cutOff(ageMs === null ? "" : formatDuration(ageMs), sentence)}</p>
      ) : (
        <p>{sentence}</p>
      )}
      <p className="tf-hidden" role="status">
        {announced}
      </p>
    </div>
  );
}

function sentenceOf(run: RunView | undefined, on: boolean, now: number): string {
  if (!run) return messages.page.idle;
  if (run.start_at !== null && Date.parse(run.start_at) > now && on) {
    const wait = formatDuration(Date.parse(run.start_at) - now);
    return messages.run.scheduled(sizeOf(run), targetOf(run), formatMoment(run.start_at), wait);
  }
  if (!on) return messages.page.over(lookOfRun(run.state).word, sizeOf(run), targetOf(run), formatMoment(run.ended_at));
  const since = run.started_at ?? run.created_at;
  const age = formatDuration(now - Date.parse(since));
  return messages.page.on(lookOfLoader(run).word, sizeOf(run), targetOf(run), `${formatMoment(since)} (${age})`);
}
