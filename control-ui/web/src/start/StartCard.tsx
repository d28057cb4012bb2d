// The start form, connected: fills it in, asks what the configuration means in numbers, and starts the run.
import { useRef, useState } from "react";
import { newKey } from "../api/client";
import { ApiError } from "../api/problem";
import { usePresets, useSchema, useStart } from "../api/queries";
import type { NewRun, Preset, RunView, Status } from "../api/types";
import { sectionsOf, stopRulesOf } from "../configuration/fields";
import { useConfiguration } from "../configuration/queries";
import type { Configuration, Confirmation } from "../configuration/types";
import { budgetProblem, typedProblem } from "../confirm/confirm";
import { formatCount, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import {
  fieldIds,
  hostOf,
  initialValues,
  isPractice,
  requestOf,
  savedTarget,
  shownProblems,
  type ShownProblem,
  type StartValues,
} from "./form";
import { momentOf } from "./moment";
import { settingText } from "./setting";
import { StartForm, type Estimate } from "./StartForm";
import { useStartCheck } from "./useStartCheck";

interface Props {
  readonly status: Status;
  /** The run that is shown: the next one starts from its target and preset. */
  readonly last: RunView | undefined;
  readonly onStarted: (run: RunView) => void;
}

export function StartCard({ status, last, onStarted }: Props) {
  const presets = usePresets();
  const schema = useSchema();
  const saved = useConfiguration();
  const error = presets.error ?? schema.error ?? saved.error;
  const known = presets.data && schema.data && saved.data;
  return (
    <Card title={messages.start.title}>
      {error && <Notice tone="bad">{error.message}</Notice>}
      {!error && !known && <LateText>{messages.loading}</LateText>}
      {known && (
        <Ready
          status={status}
          last={last}
          presets={presets.data.presets}
          schema={schema.data}
          saved={saved.data}
          onStarted={onStarted}
        />
      )}
    </Card>
  );
}

interface ReadyProps extends Props {
  readonly presets: readonly Preset[];
  readonly schema: unknown;
  readonly saved: Configuration;
}

function Ready({ status, last, presets, schema, saved, onStarted }: ReadyProps) {
  const practice = status.practice_target;
  const settings = {
    url: settingText(schema, "/targets/0/url"),
    siteId: settingText(schema, "/targets/0/site_id"),
    token: settingText(schema, "/targets/0/token_auth"),
  };
  const [values, setValues] = useState(() => initialValues(last, practice, presets, settings.siteId.fallback, saved));
  const [rules] = useState(() => stopRulesOf(sectionsOf(schema)));
  const [local, setLocal] = useState<ShownProblem[]>([]);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const [attempt, setAttempt] = useState(0);
  const sent = useRef<{ body: string; key: string } | null>(null);
  const start = useStart(onStarted);
  const tokenGiven = values.token.trim() !== "" || (isPractice(values, practice) && practice?.token_set === true);
  const check = useStartCheck(values, saved, tokenGiven);
  const estimate = estimateOf(check);
  const host = hostOf(values.source === "configuration" ? (savedTarget(saved) ?? "") : values.url);
  const confirmation = confirmationOf(estimate, host, status.confirmed_hosts);

  const submit = () => {
    setAttempt((count) => count + 1);
    setChanged(new Set());
    const missing = [...startProblems(values), ...(values.size === "full" ? missingIn(values, confirmation) : [])];
    if (missing.length > 0) {
      start.reset();
      setLocal(missing);
      return;
    }
    setLocal([]);
    const body = requestOf(values, practice);
    start.mutate({ body, key: keyFor(body) });
  };
  /** One key for one request that is meant, however often it is sent. */
  const keyFor = (body: NewRun) => {
    const text = JSON.stringify(body);
    if (sent.current?.body !== text) sent.current = { body: text, key: newKey() };
    return sent.current.key;
  };
  const change = (next: Partial<StartValues>) => {
    setValues((old) => ({ ...old, ...next }));
    setChanged((old) => new Set([...old, ...Object.keys(next)]));
  };

  return (
    <StartForm
      values={values}
      onChange={change}
      onSubmit={submit}
      settings={settings}
      practice={practice}
      presets={presets}
      saved={saved}
      rules={rules}
      confirmation={confirmation}
      estimate={estimate}
      problems={[...local, ...problemsOf(start.error)]}
      changed={changed}
      failure={failureOf(start.error)}
      unanswered={start.error instanceof ApiError && start.error.status === null}
      attempt={attempt}
      pending={start.isPending}
      orchestratorProblem={
        status.orchestrator.ready ? null : (status.orchestrator.problem ?? messages.problems.noDetail)
      }
    />
  );
}

function problemsOf(error: Error | null): ShownProblem[] {
  if (!(error instanceof ApiError) || !error.problem) return [];
  if (error.problem.code === "target.unconfirmed") {
    return [{ field: "confirm", pointer: "", text: error.problem.detail }];
  }
  if (error.problem.code === "target.needs_budget") {
    return [{ field: "budget", pointer: "", text: error.problem.detail }];
  }
  return shownProblems(error.problem.errors ?? []);
}

/** What went wrong as a whole, when it is not about single fields. */
function failureOf(error: Error | null): string | null {
  return error !== null && problemsOf(error).length === 0 ? sentence(error.message) : null;
}

/** A moment that cannot be told is no "at once". */
function startProblems(values: StartValues): ShownProblem[] {
  const input = document.getElementById(fieldIds.startAt);
  // A time that is typed by half leaves the value of its input empty.
  const half = input instanceof HTMLInputElement && input.validity.badInput;
  const untold = values.startAt !== "" && momentOf(values.startAt, values.zone) === null;
  return half || untold
    ? [{ field: "startAt", pointer: "", text: half ? messages.start.startAtHalf : messages.start.startAtWrong }]
    : [];
}

/** What must be given before a full run, and is not. */
function missingIn(values: StartValues, confirmation: Confirmation | null): ShownProblem[] {
  if (confirmation === null) return [];
  const found = [
    { field: "confirm", text: typedProblem(confirmation, values.confirm) },
    { field: "budget", text: budgetProblem(confirmation.hit_budget_needed, values.budget) },
  ] as const;
  return found.flatMap(({ field, text }) => (text === null ? [] : [{ field, pointer: "", text }]));
}

function estimateOf(check: ReturnType<typeof useStartCheck>): Estimate {
  if (check.data) return { kind: "known", check: check.data };
  return check.isError ? { kind: "failed", message: check.error.message } : { kind: "loading" };
}

/** What the server asks for; until it has answered, what is known of the host here. */
function confirmationOf(estimate: Estimate, host: string | null, confirmed: readonly string[]): Confirmation | null {
  const check = estimate.kind === "known" ? estimate.check : null;
  if (check?.confirmation) return check.confirmation;
  if (host === null) return null;
  const figures = check?.figures ?? null;
  const visits = figures && figures.visits_per_second * 86_400;
  const text = messages.start.meaning(host, formatCount(visits), formatCount(figures?.hits_per_day_estimate));
  return { host, needed: !confirmed.includes(host), text, hit_budget_needed: false };
}
