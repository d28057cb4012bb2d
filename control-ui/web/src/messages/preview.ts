// Words of the page that shows what visits would look like.

export const preview = {
  preview: {
    title: "Preview",
    lead: "What the visits would look like, before any is sent. Everything here is counted on simulated visits.",
    of: "What is looked at",
    configuration: "The configuration",
    preset: (title: string) => `Preset: ${title}`,
    other: "Other visits of the same kind",
    otherHelp: "Draws with another seed: what stays alike is the rule, what differs is chance.",
    edit: "Change the configuration",
    refused: "These settings have problems, so there is nothing to look at yet.",
    counted: (visits: string, first: string, last: string, zone: string) =>
      `Counted on ${visits} simulated visits of ${first} to ${last}, ${zone}. Shares are good to about a percent.`,
    warnings: "What is doubtful",

    figures: "In figures",
    perDay: "Visits a day",
    hits: "Hits a visit",
    pages: "Page views a visit",
    bounce: "Visits of one action (bounces)",
    duration: "Half of the visits last longer than",
    returning: "Visits by people who come back",
    addresses: "Different pages seen",
    order: "Mean order value",
    noOrder: "no order",
    about: (value: string) => `about ${value}`,

    week: "Hours of the week",
    weekTable: "Visits by hour and weekday",
    asTable: "View as table",
    asChart: "View as chart",
    hour: "Hour",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdaysShort: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    cell: (weekday: string, hour: string, visits: string) => `${weekday} ${hour}: about ${visits} visits`,
    cellUnknown: (weekday: string) => `${weekday}: not among the days`,
    extremes: (busiest: string, most: string, quietest: string, fewest: string) =>
      `Busiest ${busiest} with about ${most} visits an hour, quietest ${quietest} with about ${fewest}.`,
    zone: (zone: string) => `Hours and days are those of ${zone}.`,

    days: "Days",
    dayVisits: (visits: string) => `About ${visits} visits.`,

    channels: "Where visits come from",
    countries: "Countries",
    countriesOff:
      "Visitors have no addresses of their own, so Matomo sees all of them where the loader is. Addresses take a token, and visitor countries that are not switched off.",
    devices: "Devices",
    browsers: "Browsers",
    systems: "Operating systems",
    rest: "all others",
    channel: {
      search: "Search engines",
      direct: "Direct",
      social: "Social networks",
      websites: "Websites",
      ai_assistants: "AI assistants",
      campaigns: "Campaigns",
      email: "E-mail",
    } as Readonly<Record<string, string>>,

    deeds: "What happens in a visit",
    deedsTable: "Kinds of hits",
    kind: "Kind",
    withIt: "Visits with it",
    perVisit: "In a visit, on average",

    topPages: "Most viewed pages",
    entries: "Where visits begin",
    pagesTable: (title: string, share: string) => `${title}, share of ${share.toLowerCase()}`,
    page: "Page",
    views: "Page views",
    visits: "Visits",

    stories: "A few visits, hit by hit",
    story: (number: number) => `Visit ${number}`,
  },
} as const;
