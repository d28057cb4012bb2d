// Words of the overview.

export const overview = {
  overview: {
    title: "Traffic",
    openRun: "Everything about this run",
    pace: "Visits now",
    planned: (rate: string) => `planned ${rate}`,
    hits: "Hits answered OK",
    ofHits: (planned: string) => `of ${planned} planned`,
    notOk: "Hits not OK",
    latency: "Matomo p95",
    median: (p50: string) => `median ${p50}`,
    noReasons: "Nothing was refused or lost so far.",
    inForce: "In force",
  },
} as const;
