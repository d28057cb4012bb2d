// Words of the logs.

export const logs = {
  log: {
    title: "Log",
    lead: "What loaders and the control plane say. Times are those of this browser’s zone.",
    source: "Log of",
    control: "The control plane",
    ofRun: (host: string, at: string, state: string) => `Run of ${host}, ${at}, ${state}`,
    lines: "Log lines",
    level: "Level",
    allLevels: "All levels",
    levelAndWorse: {
      error: "Errors alone",
      warn: "Warnings and errors",
      info: "Info and worse",
      debug: "Debug and worse",
      trace: "All, with traces",
    },
    contains: "Contains",
    copy: "Copy lines",
    download: "Download",
    clear: "Clear filter",
    noneFound: (all: string) => `0 of ${all} lines.`,
    shown: (shown: string, all: string) => `${shown} of ${all} lines.`,
    lineCount: (lines: string) => `${lines} lines.`,
    newLines: (count: number, text: string) => `${text} new ${count === 1 ? "line" : "lines"}`,
    toEnd: "To the newest",
    empty: "No lines yet.",
    zone: (zone: string) => `Times in ${zone}.`,
    skipped: (lines: string) => `${lines} earlier lines are not shown; the download has what is kept.`,
    missing: (why: string) => `Not all can be read any more: ${why}.`,
    levels: { error: "error", warn: "warn", info: "info", debug: "debug", trace: "trace" } as Readonly<
      Record<string, string>
    >,
    sources: { report: "report", log: "loader", control: "control" },
  },
} as const;
