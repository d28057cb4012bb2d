// Unsaved changes, kept in the browser until they are saved or thrown away. Secrets are left out.
import type { Base, Draft } from "./draft";
import { isObject } from "./json";

const KEY = "trafficinator-configuration-draft";

export interface Kept {
  readonly base: Base;
  readonly draft: Draft;
}

export function keep(kept: Kept): void {
  const { preset, config } = kept.draft;
  try {
    localStorage.setItem(KEY, JSON.stringify({ base: kept.base, draft: { preset, config } }));
  } catch {
    // Full or forbidden: the draft then lives as long as the page, and the page warns before it is left.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

/** What was kept; null when there is nothing that can be read. */
export function kept(): Kept | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (!isObject(found) || !isObject(found.base) || !isObject(found.draft)) return null;
    if (!isObject(found.base.config) || !isObject(found.draft.config)) return null;
    if (typeof found.base.revision !== "number") return null;
    const preset = (value: unknown) => (typeof value === "string" ? value : null);
    return {
      base: { revision: found.base.revision, preset: preset(found.base.preset), config: found.base.config },
      draft: { preset: preset(found.draft.preset), config: found.draft.config, secrets: {} },
    };
  } catch {
    return null;
  }
}
