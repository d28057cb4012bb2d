// How a run ended: the sentence, what is in doubt, why hits were not answered OK, and the keys to repeat it.
import type { RunView } from "../api/types";
import { formatCount, formatDuration, formatHits, formatMoment, formatShare, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { Facts } from "../ui/Facts";
import { Notice, type NoticeTone } from "../ui/Notice";
import { ResumeButton } from "./ResumeButton";
import classes from "./OutcomeCard.module.css";
import { lookOfRun } from "./state";

const words = messages.outcome;

export function OutcomeCard({ run }: { readonly run: RunView }) {
  return (
    <Card title={words.title}>
      <div className={classes.outcome}>
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
        {(run.state === "failed" || run.state === "lost") && (
          <div className={classes.resume}>
            <ResumeButton run={run} />
          </div>
        )}
        <Reasons run={run} />
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

function Reasons({ run }: { readonly run: RunView }) {
  if (run.reasons.length === 0) {
    const all = run.account && run.account.planned > 0 && run.account.accepted === run.account.planned;
    return all ? <p className={classes.none}>{words.noReasons}</p> : null;
  }
  return (
    <div className={classes.reasons}>
      <h3>{words.reasons}</h3>
      <DataTable
        label={words.reasonsTable}
        rowHeaders
        columns={[
          { title: messages.account.state },
          { title: messages.account.hits, numeric: true },
          { title: words.reason },
          { title: words.example },
        ]}
        rows={run.reasons.map((reason) => ({
          key: `${reason.outcome} ${reason.code}`,
          cells: [
            messages.account[reason.outcome],
            formatCount(reason.hits),
            <span key="reason" className={classes.wide}>
              {sentence(reason.message)} <code>{reason.code}</code>
            </span>,
            <span key="example" className={classes.wide}>
              {reason.example ?? "–"}
            </span>,
          ],
        }))}
      />
    </div>
  );
}
