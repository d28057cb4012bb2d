// Words that every part of the page shares.

export const common = {
  product: "Trafficinator",
  unknown: "unknown",
  skipLink: "Skip to the main part",
  loading: "Loading…",
  theme: { label: "Colour scheme", auto: "System", light: "Light", dark: "Dark" },
  problems: {
    unreachable: "The control plane does not answer. Check that it is running and that this address is right.",
    triesAgain: "This page tries again by itself.",
    summaryTitle: (count: number) =>
      count === 1 ? "One problem: nothing was started" : `${count} problems: nothing was started`,
    failedTitle: "Nothing was started",
    unansweredTitle: "Nobody knows whether it was started",
    unansweredStart: "Press again once this page is live: the same request never starts two runs.",
    unansweredCommand: "Nobody knows whether it was done. Press again once this page is live; twice does no harm.",
    noDetail: "The control plane gave no reason. Its log has the details.",
    orchestrator: "Loaders cannot be started",
  },
  states: {
    none: "No run",
    queued: "Queued",
    starting: "Starting",
    running: "Running",
    paused: "Paused",
    stopping: "Stopping",
    succeeded: "Done",
    failed: "Failed",
    cancelled: "Stopped",
    lost: "Lost",
  },
  loaderStates: {
    starting: "Getting ready",
    running: "Sending",
    waiting: "Waiting",
    paused_at_cap: "Paused at the cap",
    slowed: "Slowed",
    target_down: "Target down",
    stopping: "Finishing open visits",
  },
} as const;
