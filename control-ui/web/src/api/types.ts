// Short names for the shapes of the API. Everything comes from the generated schema; nothing is written by hand.
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

export type RunState = Schemas["RunState"];
export type LoaderState = Schemas["LoaderState"];
export type Account = Schemas["Account"];
export type Visits = Schemas["Visits"];
export type Latency = Schemas["Latency"];
export type Severity = Schemas["Severity"];
export type Incident = Schemas["Incident"];
export type HitOutcome = Schemas["HitOutcome"];
export type Reason = Schemas["Reason"];
export type Doubt = Schemas["Doubt"];
export type RunSummary = Schemas["RunSummary"];
export type RunView = Schemas["RunView"];
export type Sample = Schemas["Sample"];
export type LogLine = Schemas["LogLine"];
export type Problem = Schemas["Problem"];
export type ConfigProblem = Schemas["ConfigProblem"];

type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;
type Body<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  requestBody: { content: { "application/json": infer Content } };
}
  ? Content
  : never;

export type Status = Answer<"/api/status", "get">;
/** With how far the server's clock was ahead of the browser's when it answered. */
export type TimedStatus = Status & { readonly aheadMs: number };
export type PracticeTarget = NonNullable<Status["practice_target"]>;
export type Preset = Answer<"/api/presets", "get">["presets"][number];
export type Validation = Answer<"/api/validate", "post">;
export type Logs = Answer<"/api/runs/{id}/logs", "get">;
export type Samples = Answer<"/api/runs/{id}/samples", "get">;
export type Runs = Answer<"/api/runs", "get">;
export type NewSession = Body<"/api/session", "post">;
export type RunChange = Schemas["RunChange"];
export type NewRun = Body<"/api/runs", "post">;

/** The events of /api/events and what each carries; `status` and `resync` only say that something is to be read anew. */
export interface LiveEvents {
  run: RunView;
  sample: Schemas["SampleEvent"];
  log: Schemas["LogEvent"];
  run_deleted: Schemas["RunDeletedEvent"];
  /** A line of the control plane's own log. */
  control_log: LogLine;
}
