// Typed examples of what the API answers.
import type { Check, Configuration } from "../configuration/types";
import type { Account, LogLine, Preset, RunView, Sample, Status } from "../api/types";

export const account: Account = {
  planned: 100,
  accepted: 90,
  rejected: 4,
  failed: 2,
  unknown: 1,
  skipped: 0,
  remaining: 3,
};

export const run: RunView = {
  id: "a".repeat(32),
  kind: "realtime",
  window: null,
  days: null,
  name: "practice, 1 March",
  state: "running",
  created_at: "2026-03-01T12:00:00.000Z",
  started_at: "2026-03-01T12:00:01.000Z",
  ended_at: null,
  start_at: null,
  target: { url: "http://127.0.0.1:4040/matomo.php", host: "127.0.0.1:4040", site_id: 1 },
  preset: "light",
  trial: 50,
  account,
  visits_planned: 50,
  outcome_reason: null,
  notes: "",
  revision: 0,
  actions: ["pause", "stop", "restart", "apply", "again"],
  replaces: null,
  replaced_by: null,
  token_set: false,
  next_steps: [],
  loaders: [
    {
      number: 1,
      at_work: true,
      account,
      last_report_at: "2026-03-01T12:00:10.000Z",
      stale_since: null,
      outcome: null,
      outcome_reason: null,
    },
  ],
  guards: ["Ends after 1 h."],
  stale_since: null,
  usage: null,
  attempt: 1,
  seed: 42,
  population: "spring",
  origin: "2026-03-01T12:00:00.000Z",
  orchestrator: "process",
  loader_state: { state: "running", detail: "next visit in 0.2 s", next_visit_at: null, until: null },
  visits: { planned: 50, started: 20, finished: 12, open: 8, cut: 0 },
  rate: { visits_per_s_planned: 5, visits_per_s: 4.9, hits_per_s: 24 },
  latency_ms: { p50: 12, p95: 40, p99: 90, max: 120, count: 97 },
  lateness_ms: null,
  by_kind: { pageview: 70, event: 20 },
  reasons: [],
  incidents: [],
  doubt: null,
  last_report_at: "2026-03-01T12:00:10.000Z",
  report_seq: 10,
  config: {},
};

export const sample: Sample = {
  at: "2026-03-01T12:00:10.000Z",
  visits_per_s: 4.9,
  visits_per_s_planned: 5,
  hits_per_s: 24,
  errors_per_s: 0,
  latency_p50_ms: 12,
  latency_p95_ms: 40,
  lateness_p95_ms: null,
  in_flight: 3,
  account,
};

export const logLine: LogLine = {
  at: "2026-03-01T12:00:10.000Z",
  stream: "log",
  level: "info",
  text: "visit 1 started",
};

const builtIn = { built_in: true, revision: null, created_at: null, updated_at: null, config: {}, legacy: null };

export const presets: readonly Preset[] = [
  { ...builtIn, id: "light", title: "Light", description: "A small site.", visits_per_day: 1000 },
  { ...builtIn, id: "heavy", title: "Heavy", description: "A large site.", visits_per_day: 1_000_000 },
];

export const status: Status = {
  version: "0.1.0",
  orchestrator: { kind: "process", ready: true, problem: null },
  practice_target: { url: "http://127.0.0.1:4040/matomo.php", host: "127.0.0.1:4040", site_id: 1, token_set: true },
  confirmed_hosts: ["127.0.0.1:4040"],
  active_runs: [],
  read_only: null,
  data: { free_bytes: 5_000_000_000 },
  now: "2026-03-01T12:00:00.000Z",
};

export const configuration: Configuration = {
  revision: 0,
  updated_at: null,
  preset: null,
  config: {},
  token: { set: false, last4: null, origin: null },
  secrets: {},
};

export const check: Check = {
  ok: true,
  problems: [],
  warnings: [],
  figures: { visits_per_second: 1, hits_per_second_estimate: 5, hits_per_day_estimate: 432_000 },
  values: [],
  consequences: [],
  confirmation: null,
};
