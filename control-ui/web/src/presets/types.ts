// Short names for the shapes of the presets' API.
import type { Schemas } from "../api/types";
import type { WithConfig } from "../configuration/types";

/** `removed`: what was left out when it was saved; only in the answer to that. */
export type Preset = WithConfig<Schemas["PresetView"]> & Partial<Pick<Schemas["SavedPreset"], "removed">>;
export type PresetFormat = Schemas["TextFormatView"];
