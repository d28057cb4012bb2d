// Runs by what a person looks for: what is on, what went well, what did not.
import type { SearchTexts } from "../app/search";
import type { RunState } from "../api/types";

export const groups = ["on", "done", "failed", "stopped"] as const;
export type Group = (typeof groups)[number];

const states: Record<Group, readonly RunState[]> = {
  on: ["queued", "starting", "running", "paused", "stopping"],
  done: ["succeeded"],
  failed: ["failed", "lost"],
  stopped: ["cancelled"],
};

export function statesOf(group: Group | undefined): readonly RunState[] {
  return group === undefined ? [] : states[group];
}

export interface RunSearch {
  readonly state?: Group | undefined;
  readonly text?: string | undefined;
}

/** What the address says of the list; anything else is left out. */
export function runSearchIn(search: SearchTexts): RunSearch {
  return { state: groups.find((group) => group === search.state), text: search.text };
}
