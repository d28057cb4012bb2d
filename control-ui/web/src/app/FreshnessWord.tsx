// Live, stale or cut off: icon, word and age.
import { formatDuration } from "../format";
import { messages } from "../messages";
import type { Look } from "../run/state";
import { StateWord } from "../ui/StateWord";
import type { Freshness } from "./freshness";

const words = messages.connection;

function lookOf(freshness: Freshness): Look {
  switch (freshness.kind) {
    case "connecting":
      return { word: words.connecting, icon: "clock", tone: "neutral" };
    case "live":
      return { word: words.live, icon: "pulse", tone: "good" };
    case "stale":
      return { word: words.stale(formatDuration(freshness.ageMs)), icon: "warning", tone: "warn" };
    case "lost":
      return {
        word: words.lost(freshness.ageMs === null ? "" : formatDuration(freshness.ageMs)).trim(),
        icon: "offline",
        tone: "bad",
      };
  }
}

export function FreshnessWord({ freshness }: { readonly freshness: Freshness }) {
  return <StateWord look={lookOf(freshness)} />;
}
