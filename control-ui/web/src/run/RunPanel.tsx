// Everything that is known of one run.
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
import { OutcomeCard } from "./OutcomeCard";
import classes from "./RunPanel.module.css";

export function RunPanel({ run, on }: { readonly run: RunView; readonly on: boolean }) {
  const samples = useSamples(run.id);
  const logs = useLogs(run.id);
  const last = samples.data?.samples.at(-1);
  return (
    <>
      {!on && <OutcomeCard run={run} />}
      {samples.error ? (
        <Notice tone="bad">{samples.error.message}</Notice>
      ) : (
        <ChartCard samples={samples.data?.samples ?? []} incidents={run.incidents} on={on} />
      )}
      <div className={classes.container}>
        <div className={classes.figures}>
          <AccountCard account={run.account} title={on ? messages.account.title : messages.account.finalTitle} />
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
