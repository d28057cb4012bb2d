// The places of the page, in the order of the rail. The route table (routes.tsx) says what each one shows.
import { messages } from "../messages";
import type { IconName } from "../ui/Icon";

const words = messages.places;

export interface Place {
  readonly to:
    "/" | "/setup" | "/runs" | "/backfill" | "/preview" | "/configuration" | "/presets" | "/logs" | "/settings";
  readonly icon: IconName;
  readonly word: string;
  /** Has a place of its own in the bar of a phone; the others are under "More". */
  readonly inBar: boolean;
}

export const places: readonly Place[] = [
  { to: "/", icon: "gauge", word: words.overview, inBar: true },
  { to: "/setup", icon: "play", word: words.setup, inBar: false },
  { to: "/runs", icon: "list", word: words.runs, inBar: true },
  { to: "/backfill", icon: "calendar", word: words.backfill, inBar: false },
  { to: "/preview", icon: "eye", word: words.preview, inBar: false },
  { to: "/configuration", icon: "sliders", word: words.configuration, inBar: true },
  { to: "/presets", icon: "layers", word: words.presets, inBar: false },
  { to: "/logs", icon: "lines", word: words.logs, inBar: true },
  { to: "/settings", icon: "gear", word: words.settings, inBar: false },
];
