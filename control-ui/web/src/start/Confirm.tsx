// A full run to a host that nobody confirmed yet: what will happen, and the host name typed back.
import { TextInput } from "@mantine/core";
import { formatCount } from "../format";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { fieldIds } from "./form";
import classes from "./Start.module.css";
import type { Estimate } from "./StartForm";

const words = messages.start;

interface Props {
  readonly host: string | null;
  readonly confirmed: boolean;
  readonly estimate: Estimate;
  readonly visitsPerDay: number | null;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (typed: string) => void;
}

export function Confirm({ host, confirmed, estimate, visitsPerDay, value, problem, onChange }: Props) {
  const name = host ?? words.noHost;
  if (confirmed && problem === null) return <p className={classes.confirmed}>{words.confirmed(name)}</p>;
  const figures = estimate.kind === "known" ? estimate.figures : null;
  const visits = figures ? figures.visits_per_second * 86_400 : visitsPerDay;
  return (
    <Notice tone="warn" title={words.confirmTitle(name)}>
      <p>{words.confirm(name, formatCount(visits), formatCount(figures?.hits_per_day_estimate))}</p>
      <TextInput
        id={fieldIds.confirm}
        className={classes.confirmField}
        label={words.confirmLabel}
        description={words.confirmHelp(name)}
        error={problem}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </Notice>
  );
}
