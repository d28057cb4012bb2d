// What was done a moment ago and can be taken back. One at a time: a new one takes the place of the last.
import { useSyncExternalStore } from "react";

/** Marks what a page's heading does not take the focus from. */
export const KEEPS_FOCUS = "data-keeps-focus";

export interface Toast {
  readonly text: string;
  readonly undo?: () => void;
}

let shown: Toast | null = null;
const listeners = new Set<() => void>();

function set(next: Toast | null): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function showToast(toast: Toast): void {
  set(toast);
}

export function hideToast(): void {
  set(null);
}

export function useToast(): Toast | null {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => shown,
  );
}
