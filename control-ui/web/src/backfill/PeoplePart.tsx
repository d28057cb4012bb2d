// Whose visits they are: new people, or those of another run.
import { NativeSelect } from "@mantine/core";
import { useRunList } from "../api/runs";
import type { RunSummary } from "../api/types";
import { messages } from "../messages";
import { lookOfRun, sizeOf } from "../run/state";
import { havePeople, ids } from "./form";
import { Part } from "./SettingGroup";

const words = messages.backfill;

interface Props {
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (run: string) => void;
}

export function PeoplePart({ value, problem, onChange }: Props) {
  const list = useRunList({});
  const runs = havePeople(list.data?.pages.flatMap((page) => page.runs) ?? []);
  return (
    <Part title={words.people}>
      <NativeSelect
        id={ids.people}
        label={words.peopleLabel}
        description={words.peopleHelp}
        error={problem}
        value={value}
        data={[{ value: "", label: words.newPeople }, ...runs.map((run) => ({ value: run.id, label: labelOf(run) }))]}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </Part>
  );
}

function labelOf(run: RunSummary): string {
  return words.samePeople(run.name, sizeOf(run), lookOfRun(run.state).word);
}
