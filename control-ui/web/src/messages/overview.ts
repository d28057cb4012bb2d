// Words of the overview.

export const overview = {
  overview: {
    title: "Traffic",
    openRun: "Everything about this run",
    start: "Start traffic",
  },
} as const;
