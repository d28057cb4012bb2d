// Words of the presets.

export const presets = {
  presets: { title: "Presets" },
} as const;
