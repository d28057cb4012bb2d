// A draft of the configuration: what a person set on top of a preset, which secrets he typed, and the saved document
// that he began from. Everything here makes a new draft; nothing is changed in place.
import { fieldAt, type Field } from "./fields";
import { isObject, same, valueAt, withValueAt } from "./json";
import type { Configuration, Document, Json, JsonObject } from "./types";

/** The one secret that is kept apart from the document. */
export const TOKEN = "/targets/0/token_auth";

export interface Draft extends Document {
  /** Typed secrets by pointer; null takes the kept one away. Never stored in the browser. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** The saved document that a draft began from. */
export interface Base extends Document {
  readonly revision: number;
}

export function baseOf({ revision, preset, config }: Configuration): Base {
  return { revision, preset, config };
}

export function draftOf({ preset, config }: Document): Draft {
  return { preset, config, secrets: {} };
}

export function withValue(draft: Draft, pointer: string, value: Json | undefined): Draft {
  return { ...draft, config: withValueAt(draft.config, pointer, value) };
}

/** Undefined: the kept secret stays as it is. */
export function withSecret(draft: Draft, pointer: string, value: string | null | undefined): Draft {
  const others = Object.entries(draft.secrets).filter(([name]) => name !== pointer);
  return { ...draft, secrets: Object.fromEntries(value === undefined ? others : [...others, [pointer, value]]) };
}

export function isChanged(draft: Draft, saved: Document): boolean {
  return draft.preset !== saved.preset || !same(draft.config, saved.config) || Object.keys(draft.secrets).length > 0;
}

/** The document with the typed secrets in it, for a request that needs them. */
export function configWithSecrets(draft: Draft): JsonObject {
  return Object.entries(draft.secrets).reduce(
    (config, [pointer, value]) => (value === null || value === "" ? config : withValueAt(config, pointer, value)),
    draft.config,
  );
}

/** The pointers of all values in a document; lists count as one value, those of which there is one only as its item. */
export function leavesOf(config: JsonObject, fields: readonly Field[]): string[] {
  const found: string[] = [];
  const visit = (node: Json, pointer: string) => {
    const known = fieldAt(fields, pointer);
    const entries = isObject(node)
      ? Object.entries(node)
      : Array.isArray(node)
        ? (node as readonly Json[]).map((item, index) => [String(index), item] as const)
        : null;
    if (known || entries === null) found.push(pointer);
    else for (const [key, child] of entries) visit(child, `${pointer}/${key}`);
  };
  visit(config, "");
  return found;
}

/** What was changed in `mine` since `base`, done again on `theirs`. */
export function rebased(mine: Draft, base: Document, theirs: Document, fields: readonly Field[]): Draft {
  const pointers = new Set([...leavesOf(mine.config, fields), ...leavesOf(base.config, fields)]);
  const config = [...pointers].reduce((onto, pointer) => {
    const value = valueAt(mine.config, pointer);
    return same(value, valueAt(base.config, pointer)) ? onto : withValueAt(onto, pointer, value);
  }, theirs.config);
  return { preset: mine.preset === base.preset ? theirs.preset : mine.preset, config, secrets: mine.secrets };
}

/** `over` put over `under`, value by value. */
export function overlaid(under: JsonObject, over: JsonObject, fields: readonly Field[]): JsonObject {
  return leavesOf(over, fields).reduce(
    (config, pointer) => withValueAt(config, pointer, valueAt(over, pointer)),
    under,
  );
}
