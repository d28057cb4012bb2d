// The overview: the run that is on, else the newest one, at a glance.
import { Link } from "@tanstack/react-router";
import { PageHead } from "../app/PageHead";
import { useFrame, useFreshness, useServerNow } from "../app/useFrame";
import { isActive } from "../api/lists";
import { useRun, useRuns } from "../api/queries";
import { messages } from "../messages";
import { OutcomeCard } from "../run/OutcomeCard";
import { RunPanel } from "../run/RunPanel";
import { StateSentence } from "../run/StateSentence";
import { EmptyPanel } from "../setup/EmptyPanel";
import { LateText } from "../ui/LateText";

const words = messages.overview;

export default function OverviewPage() {
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
            <Link to="/runs/$id" params={{ id: run.id }}>
              {words.openRun}
            </Link>
          )
        }
      />
      {none && <EmptyPanel />}
      {!none && !run && <LateText>{messages.loading}</LateText>}
      {run && !on && <OutcomeCard run={run} />}
      {run && <RunPanel key={run.id} run={run} on={on} />}
    </>
  );
}
