// What is known of one run, on or over; how it ended, and its log, are cards of their own.
import { useSamples } from "../api/queries";
import type { RunView } from "../api/types";
import { ChartCard } from "../chart/ChartCard";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { AccountCard } from "./AccountCard";
import { FiguresCard } from "./FiguresCard";
import { IncidentsCard } from "./IncidentsCard";
import { KindsCard } from "./KindsCard";
import classes from "./RunPanel.module.css";

function inDoubt(run: RunView, on: boolean): boolean {
  return !on && run.doubt !== null;
}

function accountTitle(run: RunView, on: boolean): string {
  if (on) return messages.account.title;
  return inDoubt(run, on) ? messages.account.lastTitle : messages.account.finalTitle;
}

export function RunPanel({ run, on }: { readonly run: RunView; readonly on: boolean }) {
  const samples = useSamples(run.id);
  const last = samples.data?.samples.at(-1);
  return (
    <>
      {samples.error ? (
        <Notice tone="bad">{samples.error.message}</Notice>
      ) : (
        <ChartCard
          samples={samples.data?.samples ?? []}
          incidents={run.incidents}
          on={on}
          sending={run.state === "running"}
        />
      )}
      <div className={classes.container}>
        <div className={classes.figures}>
          <AccountCard id={run.id} account={run.account} title={accountTitle(run, on)} inDoubt={inDoubt(run, on)} />
          <FiguresCard run={run} inFlight={on ? (last?.in_flight ?? null) : null} on={on} />
          <KindsCard byKind={run.by_kind} />
        </div>
      </div>
      <IncidentsCard incidents={run.incidents} />
    </>
  );
}
