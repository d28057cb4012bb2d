// What is saved, put to use: a run that is on gets it, or a new one starts with it.
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFrame } from "../app/useFrame";
import { takeRun } from "../api/lists";
import { newKey } from "../api/client";
import type { RunView } from "../api/types";
import { budgetOf, budgetProblem, NOTHING_GIVEN, typedProblem, type Given } from "../confirm/confirm";
import { ConfirmTarget } from "../confirm/ConfirmTarget";
import { sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Notice } from "../ui/Notice";
import { configurationApi } from "./api";
import { ChangeList } from "./ChangeList";
import classes from "./Configuration.module.css";
import type { Field } from "./fields";
import { useChanges } from "./queries";
import type { Confirmation } from "./types";

const words = messages.configuration.actions;

interface Props {
  readonly fields: readonly Field[];
  readonly changed: boolean;
  readonly confirmation: Confirmation | null;
}

export function RunCard({ fields, changed, confirmation }: Props) {
  const { active } = useFrame();
  // Kept here, because the new run has a card of its own as soon as it is on.
  const [appliedId, setAppliedId] = useState<string | null>(null);
  if (active)
    return (
      <>
        {appliedId === active.id && <Applied id={appliedId} />}
        <Apply
          key={active.id}
          run={active}
          fields={fields}
          changed={changed}
          confirmation={confirmation}
          onApplied={setAppliedId}
        />
      </>
    );
  if (changed) return null;
  return (
    <p className={classes.startLink}>
      <Link to="/setup">{words.start}</Link>
    </p>
  );
}

/** Takes the focus, because the button that was pressed is gone. */
function Applied({ id }: { readonly id: string }) {
  return (
    <Notice ref={(notice) => notice?.focus()} tone="good" alert>
      <p>{words.applied}</p>
      <Link to="/runs/$id" params={{ id }}>
        {words.openRun}
      </Link>
    </Notice>
  );
}

interface ApplyProps extends Props {
  readonly run: RunView;
  readonly onApplied: (id: string) => void;
}

function Apply({ run, fields, changed, confirmation, onApplied }: ApplyProps) {
  const client = useQueryClient();
  const changes = useChanges({ run: run.id }, { configuration: true }, true);
  const [given, setGiven] = useState<Given>(NOTHING_GIVEN);
  const [tried, setTried] = useState(false);
  const [key] = useState(newKey);
  const isFull = run.trial === null;
  const asked = isFull && confirmation !== null && (confirmation.needed || confirmation.hit_budget_needed);
  const problems = {
    typed: asked ? typedProblem(confirmation, given.typed) : null,
    budget: asked ? budgetProblem(confirmation.hit_budget_needed, given.budget) : null,
  };
  const apply = useMutation({
    mutationFn: () =>
      configurationApi.apply(
        run.id,
        {
          use_configuration: true,
          ...(given.typed.trim() === "" ? {} : { confirm_target: given.typed.trim() }),
          ...(budgetOf(given.budget) === null ? {} : { hit_budget: budgetOf(given.budget) }),
        },
        key,
      ),
    onSuccess: (next) => {
      takeRun(client, next);
      onApplied(next.id);
    },
  });
  const found = changes.data ?? [];
  if (found.length === 0) return changes.data ? <p className="tf-muted">{words.applyAgrees}</p> : null;
  const submit = () => {
    setTried(true);
    if (!apply.isPending && problems.typed === null && problems.budget === null) apply.mutate();
  };
  return (
    <Card title={words.applyTitle}>
      <div className={classes.save}>
        <p className="tf-muted">{words.applyLead(found.length)}</p>
        <ChangeList changes={found} fields={fields} />
        {asked && (
          <ConfirmTarget
            confirmation={confirmation}
            given={given}
            problems={tried ? problems : { typed: null, budget: null }}
            onChange={setGiven}
          />
        )}
        {changed && <p className="tf-muted">{words.applySaveFirst}</p>}
        <p className="tf-muted">{words.applyHelp}</p>
        <div>
          <Button variant={changed ? "default" : "filled"} aria-disabled={apply.isPending} onClick={submit}>
            {apply.isPending ? words.applying : words.apply}
          </Button>
        </div>
        {apply.error && (
          <Notice tone="bad" title={words.applyFailed} alert>
            <p>{sentence(apply.error.message)}</p>
          </Notice>
        )}
      </div>
    </Card>
  );
}
