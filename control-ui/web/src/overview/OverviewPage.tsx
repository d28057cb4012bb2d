// The overview: the run that is on, else the newest one, at a glance.
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { PageHead } from "../app/PageHead";
import { useFrame, useFreshness, useServerNow } from "../app/useFrame";
import { isActive } from "../api/lists";
import { useRun, useRuns, useSamples } from "../api/queries";
import type { RunView } from "../api/types";
import { ChartCard } from "../chart/ChartCard";
import { messages } from "../messages";
import { IncidentsCard } from "../run/IncidentsCard";
import { OutcomeNotice } from "../run/OutcomeCard";
import { Reasons } from "../run/Reasons";
import { StateSentence } from "../run/StateSentence";
import { RunsTable } from "../runs/RunsTable";
import { EmptyPanel } from "../setup/EmptyPanel";
import { Card } from "../ui/Card";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { InForceCard } from "./InForceCard";
import classes from "./OverviewPage.module.css";
import { Tiles } from "./Tiles";

const words = messages.overview;
/** Runs in the list below. */
const RECENT = 5;

export default function OverviewPage(): ReactNode {
  const { activeId, status } = useFrame();
  const runs = useRuns();
  const id = activeId ?? runs.data?.runs[0]?.id ?? null;
  const run = useRun(id).data;
  const on = run !== undefined && isActive(run.state);
  const none = id === null && runs.data !== undefined && status !== undefined;
  const now = useServerNow();
  const freshness = useFreshness();
  return (
    <>
      <PageHead
        title={words.title}
        lead={<StateSentence run={run} on={on} now={now} freshness={freshness} />}
        aside={
          run && (
            <Link to="/runs/$id" params={{ id: run.id }} className="tf-quiet">
              {words.openRun}
            </Link>
          )
        }
      />
      {none && <EmptyPanel start />}
      {!none && !run && <LateText>{messages.loading}</LateText>}
      {run && <Glance key={run.id} run={run} on={on} />}
      {runs.data && runs.data.runs.length > 0 && (
        <Card title={messages.runs.recent} aside={<Link to="/runs">{messages.runs.all}</Link>}>
          <RunsTable runs={runs.data.runs.slice(0, RECENT)} />
        </Card>
      )}
    </>
  );
}

function Glance({ run, on }: { readonly run: RunView; readonly on: boolean }) {
  const samples = useSamples(run.id);
  return (
    <>
      {!on && <OutcomeNotice run={run} />}
      <Tiles run={run} />
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
      <div className={classes.parts}>
        <Card title={messages.outcome.reasons}>
          <Reasons run={run} none={words.noReasons} />
        </Card>
        <IncidentsCard incidents={run.incidents} />
        <InForceCard run={run} />
      </div>
    </>
  );
}
