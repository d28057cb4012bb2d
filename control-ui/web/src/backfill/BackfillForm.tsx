// The form of a backfill and, beside it, the plan with what is to be decided and the button.
import { Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, type SyntheticEvent } from "react";
import { ApiError } from "../api/problem";
import { sentence } from "../format";
import { messages } from "../messages";
import { fieldIds, type StartValues } from "../start/form";
import { PresetPicker } from "../start/PresetPicker";
import { settingText } from "../start/setting";
import { SourcePicker } from "../start/SourcePicker";
import { TargetFields } from "../start/TargetFields";
import { RefusedNotice } from "../ui/RefusedNotice";
import classes from "./Backfill.module.css";
import { Decide } from "./Decide";
import { groups, ids, problemAt, testOf, ZONE } from "./form";
import { PeoplePart } from "./PeoplePart";
import { PlanCard } from "./PlanCard";
import { Part, SettingFields } from "./SettingGroup";
import { SiteZone } from "./SiteZone";
import { useBackfill, type Backfill, type BackfillProps } from "./useBackfill";
import { WindowPart } from "./WindowPart";

const words = messages.backfill;

export function BackfillForm(props: BackfillProps) {
  const state = useBackfill(props);
  const { refused, failure, attempt, pending } = state;
  const summary = useRef<HTMLDivElement>(null);
  const isRefused = refused.length > 0 || failure !== null;
  useEffect(() => {
    if (isRefused) summary.current?.focus();
  }, [isRefused, attempt]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!pending) state.submit();
  };
  const unanswered = failure instanceof ApiError && failure.status === null;
  return (
    <form onSubmit={submit} noValidate className={classes.page} autoComplete="off">
      {isRefused && (
        <div className={classes.refusal}>
          <RefusedNotice
            ref={summary}
            problems={refused}
            failure={failure !== null && refused.length === 0 ? sentence(failure.message) : null}
            unanswered={unanswered}
          />
        </div>
      )}
      <div className={classes.form}>
        <What state={state} {...props} />
        <Details state={state} />
      </div>
      <div className={classes.side}>
        <PlanCard
          plan={state.problems.length > 0 || state.planFailure !== null ? undefined : state.plan.data}
          problems={state.problems}
          failure={state.planFailure}
          isCurrent={state.plan.isCurrent}
          siteZone={
            state.plan.data && (
              <SiteZone
                plan={state.plan.data}
                request={() => testOf(state.values, props.status.practice_target)}
                onUse={(zone) => {
                  state.set(ZONE, zone);
                }}
              />
            )
          }
        >
          <Decide state={state} status={props.status} onStarted={props.onStarted} />
        </PlanCard>
      </div>
    </form>
  );
}

interface PartProps extends BackfillProps {
  readonly state: Backfill;
}

/** What is sent, and where to. */
function What({ state, presets, saved, schema, status }: PartProps) {
  const { values, change, problems } = state;
  const { start } = values;
  const onChange = (next: Partial<StartValues>) => {
    change({ start: { ...start, ...next }, way: null });
  };
  const inStart = (["url", "siteId", "token", "preset"] as const).flatMap((field) => {
    const text = problemAt(problems, fieldIds[field]);
    return text === null ? [] : [{ field, pointer: "", text }];
  });
  return (
    <div className={classes.part}>
      <SourcePicker
        saved={saved}
        presets={presets}
        value={start.source}
        onChange={(source) => {
          onChange({ source, confirm: "", off: {} });
        }}
      />
      {start.source === "preset" && (
        <>
          <TargetFields
            values={start}
            onChange={onChange}
            settings={{
              url: settingText(schema, "/targets/0/url"),
              siteId: settingText(schema, "/targets/0/site_id"),
              token: settingText(schema, "/targets/0/token_auth"),
            }}
            practice={status.practice_target}
            problems={inStart}
          />
          <PresetPicker
            presets={presets}
            value={start.preset}
            problem={problemAt(problems, fieldIds.preset)}
            onChange={(preset) => {
              onChange({ preset });
            }}
          />
        </>
      )}
    </div>
  );
}

/** Days, amounts, speed, people, and what is seldom changed. */
function Details({ state }: { readonly state: Backfill }) {
  const { values, change, fields, below, problems } = state;
  const settings = { fields, set: values.set, below, problems, onSet: state.set };
  const { start } = values;
  return (
    <>
      <WindowPart
        form={values.form}
        settings={settings}
        onForm={(form) => {
          change({ form });
        }}
        onPick={(days) => {
          state.pick(values.form, days);
        }}
      />
      <Part title={words.visits}>
        <SettingFields settings={settings} pointers={groups.visits} />
      </Part>
      <Part title={words.rates}>
        <p className="tf-muted">{words.ratesHelp}</p>
        <SettingFields settings={settings} pointers={groups.rates} pair />
      </Part>
      <PeoplePart
        value={values.people}
        problem={problemAt([...problems, ...state.refused], ids.people)}
        onChange={(people) => {
          change({ people });
        }}
      />
      <details className={classes.more}>
        <summary>{words.sending}</summary>
        <SettingFields settings={settings} pointers={groups.sending} />
      </details>
      <details className={classes.more}>
        <summary>{words.named}</summary>
        <div className={classes.fields}>
          <TextInput
            label={messages.start.name}
            description={messages.start.nameHelp}
            value={start.name}
            onChange={(event) => {
              change({ start: { ...start, name: event.currentTarget.value } });
            }}
          />
          <Textarea
            label={messages.start.notes}
            description={messages.start.notesHelp}
            rows={2}
            value={start.notes}
            onChange={(event) => {
              change({ start: { ...start, notes: event.currentTarget.value } });
            }}
          />
        </div>
      </details>
    </>
  );
}
