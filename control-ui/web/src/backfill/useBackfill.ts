// The state of the page of backfills: what was typed, what the server says of it, and what starting it came to.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { newKey } from "../api/client";
import { ApiError } from "../api/problem";
import { useStart } from "../api/queries";
import type { NewRun, Preset, RunView, TimedStatus } from "../api/types";
import { fieldsOf, sectionsOf, stopRulesOf } from "../configuration/fields";
import { withValueAt } from "../configuration/json";
import type { Configuration, Json } from "../configuration/types";
import { budgetProblem, typedProblem } from "../confirm/confirm";
import { todayIn } from "../days/months";
import { sentence } from "../format";
import { messages } from "../messages";
import { fieldIds, initialValues } from "../start/form";
import { settingText } from "../start/setting";
import {
  checkOf,
  ids,
  placed,
  planOf,
  ONCE,
  PROPOSED_DAYS,
  requestOf,
  windowOf,
  ZONE,
  zoneOf,
  type BackfillValues,
  type PlacedProblem,
  type WindowForm,
} from "./form";
import { backfillKeys, planQuery, useChecked, usePlan, type Plan } from "./queries";
import { refresh } from "../api/refresh";

const words = messages.backfill;

export interface BackfillProps {
  readonly status: TimedStatus;
  /** The newest run: the form begins from its target. */
  readonly last: RunView | undefined;
  readonly presets: readonly Preset[];
  readonly schema: unknown;
  readonly saved: Configuration;
  readonly onStarted: (run: RunView) => void;
}

function initial({ status, last, presets, schema, saved }: BackfillProps): BackfillValues {
  const siteId = settingText(schema, "/targets/0/site_id").fallback;
  const start = { ...initialValues(last, status.practice_target, presets, siteId, saved), size: "full" as const };
  const today = todayIn(settingText(schema, ZONE).fallback, Date.now() + status.aheadMs);
  return {
    start,
    form: "dates",
    set: windowOf("dates", PROPOSED_DAYS, today, withValueAt({}, ONCE, true)),
    people: "",
    way: null,
  };
}

export function useBackfill(props: BackfillProps) {
  const { status, saved, schema } = props;
  const practice = status.practice_target;
  const sections = useMemo(() => sectionsOf(schema), [schema]);
  const fields = useMemo(() => fieldsOf(sections), [sections]);
  const [values, setValues] = useState(() => initial(props));
  const [local, setLocal] = useState<readonly PlacedProblem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const sent = useRef<{ body: string; key: string } | null>(null);
  const client = useQueryClient();
  const start = useStart(props.onStarted);

  const around = { practice, saved, fields };
  const base = useChecked(checkOf(values, around, false)).data;
  const below = useMemo(() => base && new Map(base.values.map((one) => [one.pointer, one])), [base]);
  const meaning = useChecked(checkOf(values, around, true)).data;
  const plan = usePlan(planOf(values, practice));
  const problems = placed(errorsOf(plan.error), values, fields);
  const planFailure = plan.error !== null && problems.length === 0 ? sentence(plan.error.message) : null;
  /** Why there is no plan. */
  const open = (error: Error | null): PlacedProblem[] => {
    const found = placed(errorsOf(error), values, fields);
    return found.length > 0 ? found : [{ id: null, text: sentence(error?.message ?? messages.unknown), pointer: "" }];
  };

  const change = (next: Partial<BackfillValues>) => {
    setValues((old) => ({ ...old, ...next }));
    setLocal([]);
  };
  const pick = (form: WindowForm, days: number) => {
    const today = todayIn(zoneOf(values.set, below?.get(ZONE)?.value), Date.now() + status.aheadMs);
    change({ form, set: windowOf(form, days, today, values.set), way: null });
  };
  const missing = ({ overlaps }: Plan): PlacedProblem[] => {
    const filled = overlaps.some(({ kind }) => kind === "backfill");
    const asked = meaning?.confirmation ?? null;
    const found = [
      { id: fieldIds.confirm, text: asked && typedProblem(asked, values.start.confirm) },
      { id: fieldIds.budget, text: asked && budgetProblem(asked.hit_budget_needed, values.start.budget) },
      { id: ids.overlap, text: filled && values.way !== "add" ? words.overlap.decide : null },
    ];
    return found.flatMap(({ id, text }) => (text === null ? [] : [{ id, text, pointer: "" }]));
  };
  /** One key for one request that is meant, however often it is sent. */
  const keyFor = (body: NewRun) => {
    const text = JSON.stringify(body);
    if (sent.current?.body !== text) sent.current = { body: text, key: newKey() };
    return sent.current.key;
  };
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
        begin(missing(planned));
      },
      (error: unknown) => {
        begin(open(error instanceof Error ? error : null));
      },
    );
  };
  return {
    values,
    fields,
    rules: stopRulesOf(sections),
    below,
    meaning,
    plan,
    planFailure,
    problems,
    /** What kept it from starting: found here, else said by the server. */
    refused: [...local, ...placed(errorsOf(start.error), values, fields), ...codeProblem(start.error)],
    failure: start.error,
    attempt,
    pending: start.isPending || waiting,
    change,
    pick,
    set: (pointer: string, value: Json | undefined) => {
      change({ set: withValueAt(values.set, pointer, value) });
    },
    submit,
  };
}

export type Backfill = ReturnType<typeof useBackfill>;

function errorsOf(error: Error | null) {
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
