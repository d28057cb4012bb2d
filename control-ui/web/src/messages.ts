// Every word of the page that is not a figure, a name from the server or the help text of a setting (those come from
// the API), one file for each area. Sentences say what happened, why, and what to do.
import { common } from "./messages/common";
import { overview } from "./messages/overview";
import { settings } from "./messages/settings";
import { configuration } from "./messages/configuration";
import { confirm } from "./messages/confirm";
import { connection } from "./messages/connection";
import { presets } from "./messages/presets";
import { session } from "./messages/session";
import { frame } from "./messages/frame";
import { start } from "./messages/start";
import { run } from "./messages/run";
import { chart } from "./messages/chart";
import { logs } from "./messages/logs";
import { runs } from "./messages/runs";
import { backfill } from "./messages/backfill";
import { preview } from "./messages/preview";

export { TRIAL_VISITS } from "./messages/start";

export const messages = {
  ...common,
  ...session,
  ...presets,
  ...configuration,
  ...confirm,
  ...connection,
  ...settings,
  ...overview,
  ...frame,
  ...start,
  ...run,
  ...chart,
  ...logs,
  ...runs,
  ...backfill,
  ...preview,
} as const;
