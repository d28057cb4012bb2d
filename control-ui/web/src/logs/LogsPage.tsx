// The log of a run or of the control plane; source and filter are in the address.
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useSearchOf } from "../app/search";
import { useFrame } from "../app/useFrame";
import { useRuns } from "../api/queries";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { lookOfRun } from "../run/state";
import { CONTROL } from "./buffer";
import { logSearchIn } from "./filter";
import { LogPanel } from "./LogPanel";

const words = messages.log;

export default function LogsPage(): ReactNode {
  const { activeId } = useFrame();
  const runs = useRuns().data?.runs;
  const [search, setSearch] = useSearchOf(logSearchIn);
  const { source: named, ...filter } = search;
  const source = named ?? activeId ?? runs?.[0]?.id ?? CONTROL;
  const known = runs !== undefined;
  const choices = [
    { value: CONTROL, label: words.control },
    ...(runs ?? []).map((run) => ({
      value: run.id,
      label: words.ofRun(run.target.host, formatMoment(run.created_at), lookOfRun(run.state).word),
    })),
  ];
  // An older run, whose log was opened from its own page.
  if (known && !choices.some(({ value }) => value === source)) choices.push({ value: source, label: source });
  return (
    <>
      <PageHead title={messages.places.logs} lead={<p>{words.lead}</p>} />
      {known && (
        <>
          <NativeSelect
            label={words.source}
            value={source}
            data={choices}
            maw={560}
            onChange={(event) => {
              setSearch({ ...search, source: event.currentTarget.value });
            }}
          />
          <LogPanel
            key={source}
            source={source}
            title={source === CONTROL ? words.control : words.title}
            filter={filter}
            onFilter={(next) => {
              setSearch({ ...next, source: named });
            }}
          />
        </>
      )}
    </>
  );
}
