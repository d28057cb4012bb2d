// Words of the logs.

export const logs = {
  log: {
    title: "Log",
    lines: "Log lines",
    follow: "Follow",
    followHelp: "Keep the last line in view",
    empty: "No lines yet.",
    caption: (zone: string) => `Last 200 lines, times in ${zone}.`,
    skipped: (lines: string) => `${lines} earlier lines are not shown.`,
    levels: { error: "error", warn: "warn", info: "info", debug: "debug", trace: "trace" } as Readonly<
      Record<string, string>
    >,
    sources: { report: "report", log: "loader", control: "control" },
  },
} as const;
