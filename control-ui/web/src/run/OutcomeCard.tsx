// How a run ended: the sentence, what is in doubt, why hits were not answered OK, and the keys to repeat it.
import type { RunView } from "../api/types";
import { formatCount, formatDuration, formatHits, formatMoment, formatShare, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Facts } from "../ui/Facts";
import { Notice, type NoticeTone } from "../ui/Notice";
import { NextSteps } from "./NextSteps";
import { Reasons } from "./Reasons";
import { ResumeButton } from "./ResumeButton";
import classes from "./OutcomeCard.module.css";
import { lookOfRun } from "./state";

const words = messages.outcome;

export function OutcomeCard({ run }: { readonly run: RunView }) {
  return (
    <Card title={words.title}>
      <div className={classes.outcome}>
        <OutcomeNotice run={run} />
        {(run.state === "failed" || run.state === "lost") && (
          <div className={classes.resume}>
            <ResumeButton run={run} />
          </div>
        )}
        <NextSteps steps={run.next_steps} />
        <Reasons run={run} titled />
        <div className={classes.keys}>
          <h3>{words.keys}</h3>
          <Facts
            facts={[
              [words.seed, String(run.seed)],
              [words.population, run.population],
              [words.origin, formatMoment(run.origin)],
              [messages.control.took, durationOf(run)],
            ]}
          />
          <p className="tf-muted">{words.keysNote}</p>
        </div>
      </div>
    </Card>
  );
}

/** How it ended in a sentence or two, and what is in doubt. */
export function OutcomeNotice({ run }: { readonly run: RunView }) {
  return (
    <>
      <Notice tone={toneOf(run.state)} title={lookOfRun(run.state).word}>
        <p>{reasonOf(run)}</p>
        <p>{sharesOf(run)}</p>
        {run.state === "cancelled" && <p>{words.stoppedForGood}</p>}
      </Notice>
      {run.doubt && (
        <Notice tone="warn" title={words.doubt(formatHits(run.doubt.hits), formatMoment(run.doubt.since))}>
          <p>{sentence(run.doubt.message)}</p>
        </Notice>
      )}
    </>
  );
}

function toneOf(state: RunView["state"]): NoticeTone {
  if (state === "succeeded") return "good";
  return state === "failed" || state === "lost" ? "bad" : "info";
}

function reasonOf(run: RunView): string {
  if (run.outcome_reason !== null && run.outcome_reason !== "") return sentence(run.outcome_reason);
  switch (run.state) {
    case "succeeded":
    case "failed":
    case "cancelled":
    case "lost":
      return words[run.state];
    default:
      return messages.unknown;
  }
}

function sharesOf({ account }: RunView): string {
  if (!account) return words.noAccount;
  return words.shares(
    formatCount(account.accepted),
    formatShare(account.accepted, account.planned),
    formatCount(account.planned),
  );
}

function durationOf({ started_at, ended_at }: RunView): string {
  return started_at === null || ended_at === null
    ? messages.unknown
    : formatDuration(Date.parse(ended_at) - Date.parse(started_at));
}
