// The presets' endpoints.
import { ask, madeOn } from "../api/ask";
import type { Preset, PresetFormat } from "./types";

const at = (id: string) => `/api/presets/${encodeURIComponent(id)}`;

export const presetsApi = {
  list: async () => (await ask<{ presets: readonly Preset[] }>("/api/presets")).presets,
  /** Saves what the configuration holds at this moment. */
  save: (title: string, description: string) =>
    ask<Preset>("/api/presets", { method: "POST", body: { title, description, from: "configuration" } }),
  change: ({ id, config, revision }: Preset, title: string, description: string) =>
    ask<Preset>(at(id), {
      method: "PUT",
      body: { title, description, config },
      headers: revision === null ? {} : madeOn(revision),
    }),
  remove: (id: string) => ask<null>(at(id), { method: "DELETE" }),
  restore: (id: string) => ask<Preset>(`${at(id)}/restore`, { method: "POST" }),
  duplicate: (id: string, title: string) => ask<Preset>(`${at(id)}/duplicate`, { method: "POST", body: { title } }),
  importText: (text: string, format: PresetFormat | "auto", title: string | undefined) =>
    ask<Preset>("/api/presets/import", { method: "POST", body: { text, format, title } }),
  migrate: (id: string) => ask<Preset>(`${at(id)}/migrate`, { method: "POST" }),
  exportPath: (id: string, format: PresetFormat) => `${at(id).slice(1)}/export?format=${format}`,
};
