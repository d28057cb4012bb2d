// Words of the start form.

export const TRIAL_VISITS = 50;

export const start = {
  setup: {
    title: "Start traffic",
    lead: "Choose a target and a preset. A trial of 50 visits shows what would happen, without questions.",
    active: "A run is on. Open it to watch, pause or stop it.",
  },

  start: {
    title: "Start traffic",
    target: "Target",
    practice: "This is the practice target: it counts hits, is not Matomo, and draws no reports.",
    practiceUse: "Use the practice target",
    tokenHeld: "The control plane holds a token for the practice target. Leave this empty to use it.",
    tokenHelp: "It is sent once, kept by the control plane, and never shown again.",
    presets: "Preset",
    presetRate: (perDay: string) => `${perDay} visits/day`,
    size: "Size",
    trial: `Trial of ${TRIAL_VISITS} visits`,
    trialHelp:
      "Starts five visits a second and ends by itself when the last is over, minutes later. Any target gets this much without further questions.",
    full: "Full run",
    fullHelp: "The preset's pace, until you stop it or one of its stop rules does.",
    figures: "In numbers",
    trialVisits: "Visits",
    figuresRate: "Visits",
    figuresHits: "Hits (estimate)",
    figuresPerDay: "Hits/day (estimate)",
    from: "What it does",
    saved: "Saved configuration",
    savedHelp: (target: string, preset: string) => `To ${target}, ${preset}.`,
    savedFrom: (preset: string) => `begins from ${preset}`,
    savedAlone: "begins from the defaults",
    savedNoTarget: "It names no target yet. Set one in the configuration, or choose a preset.",
    savedEdit: "Change it in the configuration",
    presetHelp: "A preset, sent to the target that is named below.",
    more: "Name, notes, start later",
    name: "Name",
    nameHelp: "Made from target and time when left empty.",
    notes: "Notes",
    notesHelp: "What the run is for. They are kept with it.",
    startAt: "Start at",
    startAtHelp: "Empty: at once. Until then the loader waits.",
    zone: "Time zone",
    startsAt: (moment: string) => `That is ${moment} here.`,
    startAtWrong: "That is not a time in that zone.",
    startAtHalf: "Date and time are not complete. Fill in both, or clear the field to start at once.",
    meaning: (host: string, visits: string, hits: string) =>
      `A full run sends ${visits} visits/day to ${host}, about ${hits} hits/day. They stay in that Matomo for good, beside real visitors' data.`,
    checkTarget: "Test the connection",
    submit: "Start traffic",
    pending: "Asking the control plane…",
    warnings: "Worth knowing",
    loadingFigures: "Working it out…",
    checkFailed: "Not available: the configuration has problems.",
  },
  empty: {
    title: "No traffic yet",
    start: "Choose a target and start",
    lead: "Start a trial and this is where you see what happens:",
    points: [
      "visits a second against the plan,",
      "every planned hit in exactly one state, so that the account adds up,",
      "how long Matomo took to answer, and the loader's own words.",
    ],
    truth:
      "“Answered OK” means that the target took a hit. Whether a report shows it is another question, and this page does not claim to know.",
  },
} as const;
