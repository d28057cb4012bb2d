// Words of the settings of this control plane and this browser. Those of a run are "configuration".

export const settings = {
  settings: {
    title: "Settings",
    tabs: { appearance: "Appearance", about: "About" },
    places: "Parts of the settings",
    appearance: {
      title: "Appearance",
      lead: "Kept in this browser alone.",
    },
    about: {
      title: "About",
      version: "Version",
      orchestrator: "Loaders run as",
    },
  },
} as const;
