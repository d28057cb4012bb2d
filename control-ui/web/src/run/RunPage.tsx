// One run: what it does or did, its account, its log, and what can be done with it.
import { useParams } from "@tanstack/react-router";
import { PageHead } from "../app/PageHead";
import { useFreshness, useServerNow } from "../app/useFrame";
import { isActive } from "../api/lists";
import { useRun } from "../api/queries";
import { sentence } from "../format";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { ControlCard } from "./ControlCard";
import { OutcomeCard } from "./OutcomeCard";
import { RunPanel } from "./RunPanel";
import { StateSentence } from "./StateSentence";

export default function RunPage() {
  const { id } = useParams({ from: "/runs/$id" });
  return <OneRun key={id} id={id} />;
}

function OneRun({ id }: { readonly id: string }) {
  const { data: run, error } = useRun(id);
  const on = run !== undefined && isActive(run.state);
  const now = useServerNow();
  const freshness = useFreshness();
  return (
    <>
      <PageHead
        title={run?.name ?? messages.control.title}
        lead={run && <StateSentence run={run} on={on} now={now} freshness={freshness} />}
      />
      {error && <Notice tone="bad">{sentence(error.message)}</Notice>}
      {!run && !error && <LateText>{messages.loading}</LateText>}
      {run && (on ? <ControlCard run={run} now={now} /> : <OutcomeCard run={run} />)}
      {run && <RunPanel run={run} on={on} />}
    </>
  );
}
