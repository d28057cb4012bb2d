// The start form, presentational: target, preset, size, one button.
import { Button } from "@mantine/core";
import { useEffect, useRef, type SyntheticEvent } from "react";
import type { PracticeTarget, Preset } from "../api/types";
import type { Field } from "../configuration/fields";
import type { Check, Configuration, Confirmation } from "../configuration/types";
import { ConfirmTarget } from "../confirm/ConfirmTarget";
import { Guards } from "../confirm/Guards";
import { messages } from "../messages";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { RefusedNotice } from "../ui/RefusedNotice";
import { Figures } from "./Figures";
import { fieldIds, problemOf, type ShownProblem, type StartValues } from "./form";
import { MoreFields } from "./MoreFields";
import { PresetPicker } from "./PresetPicker";
import type { SettingText } from "./setting";
import { SizePicker } from "./SizePicker";
import { SourcePicker } from "./SourcePicker";
import classes from "./Start.module.css";
import { TargetFields } from "./TargetFields";
import { TargetTest } from "./TargetTest";

const words = messages.start;

export type Estimate =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "known"; readonly check: Check };

export interface StartFormProps {
  readonly values: StartValues;
  readonly onChange: (next: Partial<StartValues>) => void;
  readonly onSubmit: () => void;
  readonly settings: { readonly url: SettingText; readonly siteId: SettingText; readonly token: SettingText };
  readonly practice: PracticeTarget | null;
  readonly presets: readonly Preset[];
  readonly saved: Configuration;
  /** What ends a run by itself. */
  readonly rules: readonly Field[];
  /** What is asked before a full run; null while there is no target. */
  readonly confirmation: Confirmation | null;
  readonly estimate: Estimate;
  readonly problems: readonly ShownProblem[];
  /** The fields that were changed since; what was wrong with them before is told in the summary alone. */
  readonly changed: ReadonlySet<string>;
  readonly failure: string | null;
  /** The control plane did not answer, so the run may have been started all the same. */
  readonly unanswered: boolean;
  /** Changes with each attempt, so that the summary takes the focus again. */
  readonly attempt: number;
  readonly pending: boolean;
  readonly orchestratorProblem: string | null;
}

export function StartForm(props: StartFormProps) {
  const { values, onChange, problems, failure, attempt, pending } = props;
  const standing = problems.filter(({ field }) => field === null || !props.changed.has(field));
  const summary = useRef<HTMLDivElement>(null);
  const refused = problems.length > 0 || failure !== null;
  useEffect(() => {
    if (refused) summary.current?.focus();
  }, [refused, attempt]);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!pending) props.onSubmit();
  };
  return (
    <div className={classes.container}>
      <form onSubmit={submit} noValidate className={classes.form} autoComplete="off">
        {refused && (
          <RefusedNotice
            ref={summary}
            problems={problems.map(({ field, ...problem }) => ({ ...problem, id: field && fieldIds[field] }))}
            failure={failure}
            unanswered={props.unanswered}
          />
        )}
        {props.orchestratorProblem !== null && (
          <Notice tone="bad" title={messages.problems.orchestrator}>
            <p>{props.orchestratorProblem}</p>
          </Notice>
        )}
        <SourcePicker
          saved={props.saved}
          presets={props.presets}
          value={values.source}
          onChange={(source) => {
            onChange({ source, confirm: "", off: {} });
          }}
        />
        {values.source === "preset" && (
          <>
            <TargetFields
              values={values}
              onChange={onChange}
              settings={props.settings}
              practice={props.practice}
              problems={standing}
            />
            <PresetPicker
              presets={props.presets}
              value={values.preset}
              problem={problemOf(standing, "preset")}
              onChange={(preset) => {
                onChange({ preset });
              }}
            />
          </>
        )}
        <TargetTest values={values} practice={props.practice} />
        <SizePicker
          value={values.size}
          onChange={(size) => {
            onChange({ size });
          }}
        />
        <Figures estimate={props.estimate} size={values.size} />
        {values.size === "full" && <Full {...props} />}
        <MoreFields values={values} problem={problemOf(problems, "startAt")} onChange={onChange} />
        <Button type="submit" leftSection={<Icon name="play" />} aria-disabled={pending} fullWidth size="md">
          {pending ? words.pending : words.submit}
        </Button>
      </form>
    </div>
  );
}

/** What a full run asks for and what ends it. */
function Full({ values, onChange, problems, confirmation, estimate, rules }: StartFormProps) {
  return (
    <>
      {confirmation && (
        <ConfirmTarget
          confirmation={confirmation}
          given={{ typed: values.confirm, budget: values.budget }}
          problems={{ typed: problemOf(problems, "confirm"), budget: problemOf(problems, "budget") }}
          onChange={({ typed, budget }) => {
            onChange({ confirm: typed, budget });
          }}
        />
      )}
      <Guards
        fields={rules}
        values={estimate.kind === "known" ? estimate.check.values : []}
        off={new Set(Object.keys(values.off))}
        onSwitch={
          values.source === "configuration"
            ? null
            : ({ pointer, off = null }, isOff) => {
                const others = Object.entries(values.off).filter(([name]) => name !== pointer);
                onChange({ off: Object.fromEntries(isOff ? [...others, [pointer, off] as const] : others) });
              }
        }
      />
    </>
  );
}
