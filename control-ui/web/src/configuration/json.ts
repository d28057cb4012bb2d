// Reading and changing JSON by pointer, without changing what others hold.
import type { Json, JsonObject } from "./types";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(pointer: string): string[] {
  return pointer.split("/").slice(1);
}

function childOf(node: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(node)) return (node as readonly Json[])[Number(key)];
  return isObject(node) ? node[key] : undefined;
}

/** The value at a pointer; undefined where there is none. */
export function valueAt(root: Json, pointer: string): Json | undefined {
  return keysOf(pointer).reduce<Json | undefined>(childOf, root);
}

/** `root` with another value at a pointer. Undefined takes the value away, and with it what becomes empty above it. */
export function withValueAt(root: JsonObject, pointer: string, value: Json | undefined): JsonObject {
  const changed = replaced(root, keysOf(pointer), value);
  return isObject(changed) ? changed : {};
}

function replaced(node: Json | undefined, keys: readonly string[], value: Json | undefined): Json | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const child = replaced(childOf(node, key), rest, value);
  if (/^\d+$/.test(key)) {
    const items = Array.isArray(node) ? [...(node as readonly Json[])] : [];
    if (child === undefined) items.splice(Number(key), 1);
    else items[Number(key)] = child;
    return items.length === 0 ? undefined : items;
  }
  const others = Object.entries(isObject(node) ? node : {}).filter(([name]) => name !== key);
  const entries = child === undefined ? others : [...others, [key, child] as const];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether two values mean the same; the order of keys does not matter. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    const other = b as readonly Json[];
    return a.length === other.length && (a as readonly Json[]).every((item, index) => same(item, other[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}
