// The configuration endpoints.
import { ask, madeOn } from "../api/ask";
import type { NewRun, RunView } from "../api/types";
import type {
  Change,
  Check,
  CheckRequest,
  Configuration,
  Converted,
  JsonObject,
  SaveRequest,
  Side,
  TextFormat,
} from "./types";

type ApplyRequest = Pick<NewRun, "use_configuration" | "confirm_target" | "hit_budget">;

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
