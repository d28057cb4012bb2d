// Lists of values as rows that come and go.
import type { Json } from "../types";

export function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function without(items: readonly Json[], row: number): Json[] {
  return items.filter((_, index) => index !== row);
}

export function withItem(items: readonly Json[], row: number, item: Json): Json[] {
  return items.map((old, index) => (index === row ? item : old));
}

/** To an element that the change under way brings, or that outlives the one which had the focus. */
export function focusSoon(id: string): void {
  requestAnimationFrame(() => {
    document.getElementById(id)?.focus();
  });
}
