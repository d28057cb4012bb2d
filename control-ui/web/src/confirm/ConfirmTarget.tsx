// A full run: what will happen to the target, what ends it by itself, the host typed back and a budget where hits are
// billed.
import { TextInput } from "@mantine/core";
import type { Confirmation } from "../configuration/types";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import classes from "./Confirm.module.css";
import type { Given } from "./confirm";

const words = messages.confirm;

export const confirmIds = { host: "confirm-host", budget: "confirm-budget" } as const;

interface Props {
  readonly confirmation: Confirmation;
  readonly given: Given;
  /** Shown once somebody tried without. */
  readonly problems: { readonly typed: string | null; readonly budget: string | null };
  readonly onChange: (given: Given) => void;
}

export function ConfirmTarget({ confirmation, given, problems, onChange }: Props) {
  const { host, needed, hit_budget_needed: needsBudget } = confirmation;
  if (!needed && !needsBudget) return <p className={classes.confirmed}>{words.confirmed(host)}</p>;
  const matches = needed && given.typed.trim().toLowerCase() === host.toLowerCase();
  return (
    <Notice tone="warn" title={words.title(host)}>
      <p>{confirmation.text}</p>
      {needed && (
        <TextInput
          id={confirmIds.host}
          className={classes.field}
          label={words.label}
          description={matches ? words.matches : words.help(host)}
          error={problems.typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={given.typed}
          onChange={(event) => {
            onChange({ ...given, typed: event.currentTarget.value });
          }}
        />
      )}
      {needsBudget && (
        <TextInput
          id={confirmIds.budget}
          className={classes.field}
          label={words.budget}
          description={words.budgetHelp}
          error={problems.budget}
          inputMode="numeric"
          autoComplete="off"
          value={given.budget}
          onChange={(event) => {
            onChange({ ...given, budget: event.currentTarget.value });
          }}
        />
      )}
    </Notice>
  );
}
