// A small schema in the shape that the control plane serves, with one field of each kind.

export const schema = {
  title: "Run configuration",
  properties: {
    version: { type: "integer", title: "Document version", "x-widget": "hidden", "x-order": 0 },
    load: {
      title: "Load",
      "x-order": 2,
      properties: {
        visits_per_day: {
          type: "integer",
          title: "Visits per day",
          description: "Visits started in each 24 hours.",
          default: 20000,
          "x-env": "TARGET_VISITS_PER_DAY",
          "x-unit": "visits/day",
          "x-group": "Load",
          "x-order": 0,
        },
        pause_min: {
          type: "number",
          title: "Shortest pause",
          "x-advanced": true,
          "x-group": "Load",
          "x-order": 2,
        },
        stop_at_error_percent: {
          type: "number",
          title: "Stop at error rate",
          default: 5,
          "x-off": 0,
          "x-unit": "%",
          "x-group": "Stop rules",
          "x-order": 3,
        },
        pacing: {
          title: "Pacing",
          default: "auto",
          oneOf: [
            { const: "auto", description: "Decided at the start." },
            { const: "live", description: "As it happens." },
          ],
          "x-group": "Load",
          "x-order": 1,
        },
        time_zone: { type: "string", title: "Time zone", "x-widget": "time-zone", "x-group": "Load", "x-order": 4 },
      },
    },
    targets: {
      type: "array",
      maxItems: 1,
      "x-order": 1,
      items: {
        title: "Target",
        description: "One Matomo site that receives hits.",
        properties: {
          url: { type: "string", title: "Tracking URL", "x-widget": "url", "x-group": "Target", "x-order": 0 },
          token_auth: {
            type: ["string", "null"],
            title: "Token",
            writeOnly: true,
            "x-group": "Target",
            "x-order": 2,
          },
        },
      },
    },
    audience: {
      title: "Audience",
      "x-order": 4,
      properties: {
        weights: {
          type: "array",
          title: "Country weights",
          "x-group": "Audience",
          items: {
            properties: {
              country: { type: "string", title: "Country", "x-order": 0 },
              weight: { type: "number", title: "Weight", "x-order": 1 },
            },
          },
        },
        search: {
          type: "number",
          title: "Searches",
          description: "Share of visits that search, 0 to 1.",
          "x-widget": "probability",
          "x-group": "Audience",
        },
        shipping: { type: "array", title: "Shipping", "x-group": "Audience", items: { type: "number" } },
        enabled: { type: "boolean", title: "Enabled", "x-group": "Audience" },
      },
    },
  },
};
