// Words of the configuration form. Labels, help and limits of settings come from the API.

export const configuration = {
  configuration: { title: "Configuration" },
} as const;
