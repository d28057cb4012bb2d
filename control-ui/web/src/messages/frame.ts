// Words of the frame: rail, strip, banners, and what stands in for a page that is not there.

export const frame = {
  places: {
    overview: "Overview",
    setup: "Start",
    runs: "Runs",
    backfill: "Backfill",
    preview: "Preview",
    configuration: "Configuration",
    presets: "Presets",
    logs: "Logs",
    settings: "Settings",
  },

  frame: {
    places: "Places",
    placesPhone: "Places, short",
    more: "More",
    fold: "Fold",
    unfold: "Unfold",
    account: "Account",
    start: "Start traffic",
    stop: "Stop traffic",
    resume: "Resume traffic",
    statusFailed: "The state is not known",
    readOnly: "Nothing can be saved",
    stillWorks: "Runs, logs, configuration and presets can still be read and edited.",
    missing: "No such page",
    missingWhy: "Nothing is shown at this address. It may come from another version.",
    broken: "This page failed",
    brokenWhy: "It could not be drawn, which is a mistake of the program. Traffic is not touched by it.",
    again: "Try again",
  },

  page: {
    idle: "Nothing is being sent.",
    header: "State of the traffic",
    target: "Target",
    loader: "Loader",
    rate: "Rate now / planned",
    errors: "Errors",
    latency: "Matomo p95",
    connection: "This page",
    noTarget: "none",
    site: (id: number) => `site ${id}`,
    on: (state: string, what: string, target: string, since: string) =>
      `${state}: ${what} to ${target}, started ${since}.`,
    over: (state: string, what: string, target: string, at: string) => `${state}: ${what} to ${target}, ended ${at}.`,
    cutOff: (age: string, last: string) =>
      `Cut off${age === "" ? "" : ` for ${age}`}, trying again; traffic that was on goes on. Last known: ${last}`,
    trial: (visits: number) => `trial of ${visits} visits`,
    backfill: (days: number) => `backfill of ${days === 1 ? "one day" : `${days} days`}`,
    full: "full run",
  },

  connection: {
    connecting: "Connecting…",
    live: "Live",
    stale: (age: string) => `Stale ${age}`,
    lost: (age: string) => `Cut off ${age}`,
  },
} as const;
