// Where in the cache things are kept, and how much of them.

/** Recent runs in the list. */
export const RUNS_SHOWN = 20;
/** Lines of a log that are kept and shown. */
export const LOG_LINES = 200;

export const keys = {
  session: ["session"],
  status: ["status"],
  presets: ["presets"],
  schema: ["schema"],
  runs: ["runs"],
  run: (id: string) => ["run", id],
  samples: (id: string) => ["samples", id],
  logs: (id: string) => ["logs", id],
  validation: (...form: readonly unknown[]) => ["validation", ...form],
} as const;
