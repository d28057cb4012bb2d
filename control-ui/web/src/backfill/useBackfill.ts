// The state of the page of backfills: what was typed, and what the server says of it.
import { useMemo, useState } from "react";
import type { Preset, RunView, TimedStatus } from "../api/types";
import { fieldsOf, sectionsOf, stopRulesOf } from "../configuration/fields";
import { withValueAt } from "../configuration/json";
import type { Configuration, Json } from "../configuration/types";
import { todayIn } from "../days/months";
import { sentence } from "../format";
import { initialValues } from "../start/form";
import { settingText } from "../start/setting";
import {
  checkOf,
  placed,
  planOf,
  ONCE,
  PROPOSED_DAYS,
  windowOf,
  ZONE,
  zoneOf,
  type BackfillValues,
  type WindowForm,
} from "./form";
import { useChecked, usePlan } from "./queries";
import { errorsOf, useSubmit } from "./useSubmit";

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

  const around = { practice, saved, fields };
  const base = useChecked(checkOf(values, around, false)).data;
  const below = useMemo(() => base && new Map(base.values.map((one) => [one.pointer, one])), [base]);
  const meaning = useChecked(checkOf(values, around, true)).data;
  const plan = usePlan(planOf(values, practice));
  const problems = placed(errorsOf(plan.error), values, fields);
  const planFailure = plan.error !== null && problems.length === 0 ? sentence(plan.error.message) : null;
  const asked = meaning?.confirmation ?? null;
  const { forget, ...sending } = useSubmit({ values, practice, fields, asked, onStarted: props.onStarted });

  const change = (next: Partial<BackfillValues>) => {
    setValues((old) => ({ ...old, ...next }));
    forget();
  };
  const pick = (form: WindowForm, days: number) => {
    const today = todayIn(zoneOf(values.set, below?.get(ZONE)?.value), Date.now() + status.aheadMs);
    change({ form, set: windowOf(form, days, today, values.set), way: null });
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
    change,
    pick,
    set: (pointer: string, value: Json | undefined) => {
      change({ set: withValueAt(values.set, pointer, value) });
    },
    ...sending,
  };
}

export type Backfill = ReturnType<typeof useBackfill>;
