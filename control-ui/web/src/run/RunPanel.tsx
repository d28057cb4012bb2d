// What is known of one run, on or over; how it ended is a card of its own.
import { useLogs, useSamples } from "../api/queries";
import type { RunView } from "../api/types";
import { ChartCard } from "../chart/ChartCard";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { AccountCard } from "./AccountCard";
import { FiguresCard } from "./FiguresCard";
import { IncidentsCard } from "./IncidentsCard";
import { KindsCard } from "./KindsCard";
import { LogCard } from "./LogCard";
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
  const logs = useLogs(run.id);
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
          <AccountCard account={run.account} title={accountTitle(run, on)} inDoubt={inDoubt(run, on)} />
          <FiguresCard run={run} inFlight={on ? (last?.in_flight ?? null) : null} on={on} />
          <KindsCard byKind={run.by_kind} />
        </div>
      </div>
      <IncidentsCard incidents={run.incidents} />
      {logs.error ? (
        <Notice tone="bad">{logs.error.message}</Notice>
      ) : logs.data ? (
        <LogCard logs={logs.data} />
      ) : (
        <LateText>{messages.loading}</LateText>
      )}
    </>
  );
}
