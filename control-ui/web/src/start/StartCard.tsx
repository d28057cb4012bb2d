// The start form, connected: fills it in, asks what the configuration means in numbers, and starts the run.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, newKey } from "../api/client";
import { ApiError } from "../api/problem";
import { keys } from "../api/keys";
import { usePresets, useSchema, useStart } from "../api/queries";
import type { NewRun, Preset, RunView, Status } from "../api/types";
import { sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import {
  configOf,
  hostOf,
  initialValues,
  isPractice,
  requestOf,
  shownProblems,
  type ShownProblem,
  type StartValues,
} from "./form";
import { settingText } from "./setting";
import { StartForm, type Estimate } from "./StartForm";

interface Props {
  readonly status: Status;
  /** The run that is shown: the next one starts from its target and preset. */
  readonly last: RunView | undefined;
  readonly onStarted: (run: RunView) => void;
}

export function StartCard({ status, last, onStarted }: Props) {
  const presets = usePresets();
  const schema = useSchema();
  const error = presets.error ?? schema.error;
  return (
    <Card title={messages.start.title}>
      {error && <Notice tone="bad">{error.message}</Notice>}
      {!error && (!presets.data || !schema.data) && <LateText>{messages.loading}</LateText>}
      {presets.data && schema.data && (
        <Ready status={status} last={last} presets={presets.data.presets} schema={schema.data} onStarted={onStarted} />
      )}
    </Card>
  );
}

interface ReadyProps extends Props {
  readonly presets: readonly Preset[];
  readonly schema: unknown;
}

function Ready({ status, last, presets, schema, onStarted }: ReadyProps) {
  const practice = status.practice_target;
  const settings = {
    url: settingText(schema, "/targets/0/url"),
    siteId: settingText(schema, "/targets/0/site_id"),
    token: settingText(schema, "/targets/0/token_auth"),
  };
  const [values, setValues] = useState(() => initialValues(last, practice, presets, settings.siteId.fallback));
  const [local, setLocal] = useState<ShownProblem[]>([]);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const [attempt, setAttempt] = useState(0);
  const sent = useRef<{ body: string; key: string } | null>(null);
  const start = useStart(onStarted);
  const tokenGiven = values.token.trim() !== "" || (isPractice(values, practice) && practice?.token_set === true);
  const estimate = useEstimate(values, tokenGiven);
  const host = hostOf(values.url);
  const confirmed = host !== null && status.confirmed_hosts.includes(host);

  const submit = () => {
    setAttempt((count) => count + 1);
    setChanged(new Set());
    if (values.size === "full" && host !== null && !confirmed && values.confirm.trim() !== host) {
      const text = messages.start.confirmMismatch(values.confirm.trim(), host);
      start.reset();
      setLocal([{ field: "confirm", pointer: "", text }]);
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
      host={host}
      confirmed={confirmed}
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
  return shownProblems(error.problem.errors ?? []);
}

/** What went wrong as a whole, when it is not about single fields. */
function failureOf(error: Error | null): string | null {
  return error !== null && problemsOf(error).length === 0 ? sentence(error.message) : null;
}

/** Stands in for a token: that there is one changes what a configuration means, which one does not. */
const SOME_TOKEN = "0".repeat(32);

/** What the configuration means in numbers, asked a moment after the last change. The token itself stays here. */
function useEstimate(values: StartValues, tokenGiven: boolean): Estimate {
  const { preset, url, siteId } = values;
  const token = tokenGiven ? SOME_TOKEN : "";
  const [asked] = useDebouncedValue(JSON.stringify({ preset, url, siteId, token }), 400);
  const check = useQuery({
    queryKey: keys.validation(asked),
    queryFn: () => {
      const form = JSON.parse(asked) as Pick<StartValues, "preset" | "url" | "siteId" | "token">;
      return api.validate({ preset: form.preset, config: configOf({ ...values, ...form }) });
    },
    placeholderData: (old) => old,
    gcTime: 60_000,
  });
  if (check.data) return { kind: "known", figures: check.data.figures, warnings: check.data.warnings };
  return check.isError ? { kind: "failed", message: check.error.message } : { kind: "loading" };
}
