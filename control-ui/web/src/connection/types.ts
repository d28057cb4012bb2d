// The shapes of the connection test, until the generated schema has them.
import type { JsonObject } from "../configuration/types";

export type StepState = "ok" | "warning" | "failed" | "skipped" | "unknown";

export interface Step {
  readonly step: string;
  readonly state: StepState;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface ConnectionTest {
  readonly ok: boolean;
  readonly from: string;
  readonly target: { readonly url: string; readonly host: string; readonly site_id: number };
  readonly steps: readonly Step[];
  readonly matomo: {
    readonly version: string | null;
    readonly latency_ms: number | null;
    readonly clock_difference_s: number | null;
  };
  readonly token: { readonly state: string };
}

export interface ConnectionRequest {
  readonly preset?: string | null;
  readonly config?: JsonObject;
  readonly use_configuration?: boolean;
  readonly use_saved_token?: boolean;
  readonly write_hit?: boolean;
}

export interface TokenRights {
  readonly rows: readonly {
    readonly feature: string;
    readonly none: boolean;
    readonly write: boolean;
    readonly admin: boolean;
    readonly superuser: boolean;
  }[];
  readonly where: string;
}
