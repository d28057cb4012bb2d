// Starting the backfill that the form describes: planned once more, then begun, or why it was not.
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newKey } from "../api/client";
import { ApiError } from "../api/problem";
import { useStart } from "../api/queries";
import { refresh } from "../api/refresh";
import type { NewRun, PracticeTarget, RunView } from "../api/types";
import type { Field } from "../configuration/fields";
import type { Confirmation } from "../configuration/types";
import { budgetProblem, typedProblem } from "../confirm/confirm";
import { sentence } from "../format";
import { messages } from "../messages";
import { fieldIds } from "../start/form";
import type { PlacedProblem } from "../ui/ProblemLinks";
import { ids, placed, planOf, requestOf, type BackfillValues } from "./form";
import { backfillKeys, planQuery, type Plan } from "./queries";

interface Meant {
  readonly values: BackfillValues;
  readonly practice: PracticeTarget | null;
  readonly fields: readonly Field[];
  /** What is to be typed before it may start. */
  readonly asked: Confirmation | null;
  readonly onStarted: (run: RunView) => void;
}

export function useSubmit({ values, practice, fields, asked, onStarted }: Meant) {
  const [local, setLocal] = useState<readonly PlacedProblem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const keyFor = useKey();
  const client = useQueryClient();
  const start = useStart(onStarted);
  const place = (error: Error | null) => placed(errorsOf(error), values, fields);

  const begin = (found: readonly PlacedProblem[]) => {
    setWaiting(false);
    setAttempt((count) => count + 1);
    setLocal(found);
    if (found.length > 0) {
      start.reset();
      return;
    }
    const body = requestOf(values, practice);
    start.mutate(
      { body, key: keyFor(body) },
      // Perhaps another run filled these days meanwhile.
      { onError: () => void refresh(client, { queryKey: backfillKeys.plans }) },
    );
  };
  /** The plan is asked for once more: what is started is what was planned, and what others did meanwhile is seen. */
  const submit = () => {
    setLocal([]);
    setWaiting(true);
    void client.query(planQuery(JSON.stringify(planOf(values, practice)))).then(
      (planned) => {
        begin(missingIn(values, asked, planned));
      },
      (error: unknown) => {
        const known = error instanceof Error ? error : null;
        const found = place(known);
        begin(
          found.length > 0 ? found : [{ id: null, text: sentence(known?.message ?? messages.unknown), pointer: "" }],
        );
      },
    );
  };
  return {
    /** What kept it from starting: found here, else said by the server. */
    refused: [...local, ...place(start.error), ...codeProblem(start.error)],
    failure: start.error,
    attempt,
    pending: start.isPending || waiting,
    submit,
    /** The form was changed: what was found in it before counts no more. */
    forget: () => {
      setLocal([]);
    },
  };
}

/** One key for one request that is meant, however often it is sent. */
function useKey() {
  const sent = useRef<{ body: string; key: string } | null>(null);
  return (body: NewRun) => {
    const text = JSON.stringify(body);
    if (sent.current?.body !== text) sent.current = { body: text, key: newKey() };
    return sent.current.key;
  };
}

/** What nobody typed or decided yet. */
function missingIn(values: BackfillValues, asked: Confirmation | null, { overlaps }: Plan): PlacedProblem[] {
  const filled = overlaps.some(({ kind }) => kind === "backfill");
  const found = [
    { id: fieldIds.confirm, text: asked && typedProblem(asked, values.start.confirm) },
    { id: fieldIds.budget, text: asked && budgetProblem(asked.hit_budget_needed, values.start.budget) },
    { id: ids.overlap, text: filled && values.way !== "add" ? messages.backfill.overlap.decide : null },
  ];
  return found.flatMap(({ id, text }) => (text === null ? [] : [{ id, text, pointer: "" }]));
}

export function errorsOf(error: Error | null) {
  return error instanceof ApiError ? (error.problem?.errors ?? []) : [];
}

/** Refusals that are about one field of this page. */
function codeProblem(error: Error | null): PlacedProblem[] {
  if (!(error instanceof ApiError) || !error.problem) return [];
  const { code, detail } = error.problem;
  const at: Readonly<Record<string, string>> = {
    "target.unconfirmed": fieldIds.confirm,
    "target.needs_budget": fieldIds.budget,
    "backfill.overlap": ids.overlap,
  };
  const id = at[code];
  return id === undefined ? [] : [{ id, text: sentence(detail), pointer: "" }];
}
