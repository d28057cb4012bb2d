// Words of the curve.

export const chart = {
  chart: {
    title: "Visits per second",
    actual: "started",
    plan: "planned",
    empty: "The curve begins with the first report of the loader.",
    emptyEnded: "This run kept no samples.",
    summary: (now: string, planned: string | null, low: string, high: string, span: string) =>
      `${now} visits/s now${planned === null ? "" : `, ${planned} planned`}; between ${low} and ${high} in the last ${span}.`,
    summaryEnded: (mean: string, planned: string | null, low: string, high: string, span: string) =>
      `${mean} visits/s on average${planned === null ? "" : `, ${planned} planned`}; between ${low} and ${high} over ${span}.`,
    asTable: "View as table",
    asChart: "View as chart",
    table: "Table of samples",
    cursor: "Moment shown",
    cursorText: (at: string, actual: string, planned: string | null) =>
      `${at}: ${actual} visits/s started${planned === null ? "" : `, ${planned} planned`}`,
    tableCaption: (rows: number, zone: string) => `The last ${rows} samples, newest first. Times in ${zone}.`,
    time: "Time",
    visits: "Visits/s",
    visitsPlan: "Planned",
    hits: "Hits/s",
    errors: "Errors/s",
    latency: "Latency p95",
    flight: "In flight",
  },
} as const;
