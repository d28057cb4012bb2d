// Words of the list of runs.

export const runs = {
  runs: {
    title: "Runs",
    lead: "Every run, newest first.",
    recent: "Recent runs",
    open: "Open this run",
    none: "Runs appear here once started.",
    state: "State",
    target: "Target",
    preset: "Preset",
    size: "Size",
    created: "Requested",
    planned: "Hits planned",
    accepted: "Answered OK",
    shown: "shown above",
    table: "Table of runs",
  },
} as const;
