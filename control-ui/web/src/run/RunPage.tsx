// One run: what it does or did, its account, its log, and what can be done with it.
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useSearchOf } from "../app/search";
import { useFreshness, useServerNow } from "../app/useFrame";
import { isActive } from "../api/lists";
import { useRun } from "../api/queries";
import { sentence } from "../format";
import { filterIn } from "../logs/filter";
import { LogPanel } from "../logs/LogPanel";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { ControlCard } from "./ControlCard";
import { DaysCard } from "./DaysCard";
import { NotesCard } from "./NotesCard";
import { OutcomeCard } from "./OutcomeCard";
import { RunActions } from "./RunActions";
import { RunPanel } from "./RunPanel";
import { StateSentence } from "./StateSentence";
import { UsedCard } from "./UsedCard";

export default function RunPage(): ReactNode {
  const params: unknown = useParams({ strict: false });
  const { id = "" } = params as { readonly id?: string };
  return <OneRun key={id} id={id} />;
}

function OneRun({ id }: { readonly id: string }) {
  const { data: run, error } = useRun(id);
  const on = run !== undefined && isActive(run.state);
  const now = useServerNow();
  const freshness = useFreshness();
  const [filter, setFilter] = useSearchOf(filterIn);
  return (
    <>
      <PageHead
        title={run?.name ?? messages.control.title}
        lead={run && <StateSentence run={run} on={on} now={now} freshness={freshness} />}
        aside={run && <RunActions run={run} on={on} />}
      />
      {error && <Notice tone="bad">{sentence(error.message)}</Notice>}
      {!run && !error && <LateText>{messages.loading}</LateText>}
      {run && (on ? <ControlCard run={run} now={now} /> : <OutcomeCard run={run} />)}
      {run?.kind === "backfill" && run.window && <DaysCard run={run} />}
      {run && <RunPanel run={run} on={on} />}
      {run && <LogPanel source={run.id} title={messages.log.title} filter={filter} onFilter={setFilter} />}
      {run && <UsedCard run={run} />}
      {run && <NotesCard run={run} />}
    </>
  );
}
