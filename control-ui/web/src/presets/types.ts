// The shapes of the presets' API, until the generated schema has them.
import type { Json, JsonObject } from "../configuration/types";

export interface LegacyChange {
  readonly pointer: string;
  readonly from: Json;
  readonly to: Json;
}

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly built_in: boolean;
  readonly revision: number | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly visits_per_day: number;
  readonly config: JsonObject;
  readonly legacy: { readonly settings: readonly LegacyChange[] } | null;
  /** What was left out when it was saved; only in the answer to that. */
  readonly removed?: readonly string[] | null;
}

export type PresetFormat = "toml" | "json" | "env";
