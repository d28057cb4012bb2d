// How the states of a run and its loader look and read.
import type { RunSummary, RunView } from "../api/types";
import { messages } from "../messages";
import type { IconName } from "../ui/Icon";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad";

export interface Look {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

const looks: Record<RunSummary["state"], Omit<Look, "word">> = {
  queued: { icon: "clock", tone: "neutral" },
  starting: { icon: "clock", tone: "accent" },
  running: { icon: "play", tone: "good" },
  paused: { icon: "pause", tone: "warn" },
  stopping: { icon: "clock", tone: "accent" },
  succeeded: { icon: "check", tone: "good" },
  failed: { icon: "cross", tone: "bad" },
  cancelled: { icon: "stop", tone: "neutral" },
  lost: { icon: "question", tone: "bad" },
};

export function lookOfRun(state: RunSummary["state"]): Look {
  return { word: messages.states[state], ...looks[state] };
}

/** The loader's own word while it runs, else the run's. */
export function lookOfLoader(run: RunView | undefined): Look {
  if (!run) return { word: messages.states.none, icon: "ring", tone: "neutral" };
  const look = lookOfRun(run.state);
  if (run.state !== "running" || !run.loader_state) return look;
  const { state } = run.loader_state;
  const word = messages.loaderStates[state];
  switch (state) {
    case "running":
    case "waiting":
      return { ...look, word };
    case "starting":
    case "stopping":
      return { word, icon: "clock", tone: "accent" };
    case "paused_at_cap":
      return { word, icon: "pause", tone: "warn" };
    case "slowed":
      return { word, icon: "warning", tone: "warn" };
    case "target_down":
      return { word, icon: "warning", tone: "bad" };
  }
}

export function sizeOf(run: Pick<RunSummary, "trial" | "kind" | "window">): string {
  if (run.kind === "backfill" && run.window) return messages.page.backfill(run.window.days);
  return run.trial === null ? messages.page.full : messages.page.trial(run.trial);
}

export function targetOf(run: Pick<RunSummary, "target">): string {
  return `${run.target.host}, ${messages.page.site(run.target.site_id)}`;
}
