// The configuration endpoints.
import { ask, madeOn } from "../api/ask";
import type { RunView } from "../api/types";
import type { Change, Check, Configuration, Converted, Document, JsonObject, Side, TextFormat } from "./types";

export interface CheckRequest {
  readonly preset?: string | null;
  readonly config?: JsonObject;
  readonly use_saved_token?: boolean;
}

export interface SaveRequest extends Document {
  /** Absent: the kept one stays; null: it is taken away. */
  readonly token?: string | null;
  /** The same for each further secret, by pointer. */
  readonly secrets?: Readonly<Record<string, string | null>>;
}

export interface ApplyRequest {
  readonly use_configuration: true;
  readonly confirm_target?: string;
  readonly hit_budget?: number | null;
}

export const configurationApi = {
  /** The run that takes the place of the old one. */
  apply: (id: string, body: ApplyRequest, key: string) =>
    ask<RunView>(`/api/runs/${id}/apply`, { method: "POST", body, headers: { "Idempotency-Key": key } }),
  read: () => ask<Configuration>("/api/configuration"),
  save: (body: SaveRequest, revision: number) =>
    ask<Configuration>("/api/configuration", { method: "PUT", body, headers: madeOn(revision) }),
  check: (body: CheckRequest) => ask<Check>("/api/validate", { method: "POST", body }),
  compare: (from: Side, to: Side) =>
    ask<{ changes: readonly Change[] }>("/api/compare", { method: "POST", body: { from, to } }),
  readText: (text: string, format: TextFormat | "auto") =>
    ask<Converted>("/api/convert", { method: "POST", body: { text, format } }),
  writeText: (config: JsonObject, to: TextFormat) =>
    ask<{ text: string }>("/api/convert", { method: "POST", body: { config, to } }),
};
