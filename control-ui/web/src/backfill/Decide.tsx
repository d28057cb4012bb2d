// What stands between the plan and its start: days that are not empty, the target to confirm, the button.
import { Button } from "@mantine/core";
import { ConfirmTarget } from "../confirm/ConfirmTarget";
import { messages } from "../messages";
import { fieldIds } from "../start/form";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { ids, problemAt } from "./form";
import { Overlaps } from "./Overlaps";
import type { Backfill, BackfillProps } from "./useBackfill";

const words = messages.backfill;

interface Props extends Pick<BackfillProps, "status" | "onStarted"> {
  readonly state: Backfill;
}

export function Decide({ state, status, onStarted }: Props) {
  const { values, change, plan, meaning, refused, pending } = state;
  const { start } = values;
  const planned = state.problems.length === 0 ? plan.data : undefined;
  const confirmation = planned ? (meaning?.confirmation ?? null) : null;
  const { ready, problem } = status.orchestrator;
  return (
    <>
      {planned && (
        <Overlaps
          overlaps={planned.overlaps}
          way={values.way}
          problem={problemAt(refused, ids.overlap)}
          onWay={(way) => {
            change({ way });
            if (way === "other") focusWindow();
          }}
          onContinued={onStarted}
        />
      )}
      {confirmation && (
        <ConfirmTarget
          confirmation={confirmation}
          given={{ typed: start.confirm, budget: start.budget }}
          problems={{ typed: problemAt(refused, fieldIds.confirm), budget: problemAt(refused, fieldIds.budget) }}
          onChange={({ typed, budget }) => {
            change({ start: { ...start, confirm: typed, budget } });
          }}
        />
      )}
      {!ready && (
        <Notice tone="bad" title={messages.problems.orchestrator}>
          <p>{problem ?? messages.problems.noDetail}</p>
        </Notice>
      )}
      <Button type="submit" leftSection={<Icon name="play" />} aria-disabled={pending} fullWidth size="md">
        {pending ? words.pending : words.submit}
      </Button>
    </>
  );
}

/** Where the days are chosen. */
function focusWindow(): void {
  document.querySelector<HTMLElement>('[id^="setting-backfill"]')?.focus();
}
