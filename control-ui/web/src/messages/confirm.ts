// The words of the confirmation before a full run; what it would do is said by the server.
export const confirm = {
  confirm: {
    title: (host: string) => `Confirm ${host}`,
    label: "Type the host name",
    help: (host: string) => `Type ${host}, or paste it.`,
    nothingTyped: (host: string) => `Nothing was typed. Type ${host}, or choose the trial.`,
    otherTyped: (typed: string, host: string) => `“${typed}” is another host. Type ${host}, or choose the trial.`,
    matches: "That is the host.",
    confirmed: (host: string) => `${host} is confirmed.`,
    budget: "Hit budget",
    budgetUnit: "hits",
    budgetHelp: "Matomo Cloud bills by hits. The run stops when this many were sent.",
    budgetMissing: "A budget is needed: how many hits may be sent at most?",
    budgetWrong: (typed: string) => `“${typed}” is not a whole number above 0.`,
    guards: "What ends the run by itself",
    guardOff: "off",
    switchOff: (title: string) => `Switch off ${title.toLowerCase()}`,
    switchOffShort: "Switch off",
    switchedOff: "switched off for this run",
    switchOn: (title: string) => `Keep ${title.toLowerCase()}`,
    switchOnShort: "Keep it on",
  },
} as const;
