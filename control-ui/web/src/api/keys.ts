// Where in the cache things are kept, and how much of them.

/** Recent runs in the list. */
export const RUNS_SHOWN = 20;

export const keys = {
  session: ["session"],
  status: ["status"],
  presets: ["presets"],
  schema: ["schema"],
  runs: ["runs"],
  runList: (states: readonly string[], text: string) => ["run-list", ...states, text],
  run: (id: string) => ["run", id],
  runConfig: (id: string) => ["run-config", id],
  samples: (id: string) => ["samples", id],
  logs: (id: string) => ["logs", id],
  validation: (...form: readonly unknown[]) => ["validation", ...form],
} as const;
