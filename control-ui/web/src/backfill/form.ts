// The form of a backfill as data: what it holds, what is asked of the API with it, and where a problem stands.
// Settings are named here by pointer alone; their labels, limits and defaults are the server's.
import type { ConfigProblem, NewRun, PracticeTarget, RunSummary } from "../api/types";
import { overlaid } from "../configuration/draft";
import { belongsTo, type Field } from "../configuration/fields";
import { valueAt, withValueAt } from "../configuration/json";
import { problemText } from "../configuration/problems";
import type { CheckRequest, Configuration, JsonObject } from "../configuration/types";
import { budgetOf } from "../confirm/confirm";
import type { ConnectionRequest } from "../connection/types";
import { plusDays } from "../days/months";
import { configOf, fieldIds, isPractice, usesPractice, type StartValues } from "../start/form";
import type { PlacedProblem } from "../ui/ProblemLinks";

/** A window is given by its ends, or by how far back it begins. */
export type WindowForm = "dates" | "back";

export const windowPointers: Readonly<Record<WindowForm, readonly [string, string]>> = {
  dates: ["/backfill/start_date", "/backfill/end_date"],
  back: ["/backfill/days_back", "/backfill/duration_days"],
};

export const ZONE = "/load/time_zone";
/** Whether it ends with its last day. The page proposes that, since it is about past days. */
export const ONCE = "/backfill/run_once";
const VISITS = ["/load/visits_per_day", "/backfill/max_visits_per_day", "/backfill/max_visits_total"];
const RATES = ["/backfill/requests_per_second", "/backfill/visits_per_second"];
const SENDING = [
  "/delivery/method",
  "/delivery/bulk_size",
  "/load/concurrency",
  "/load/loaders",
  "/delivery/doubt",
  "/backfill/seed",
];

export const groups = { visits: VISITS, rates: RATES, sending: SENDING } as const;

/** The window that is proposed at first, in days up to yesterday. */
export const PROPOSED_DAYS = 30;
/** Windows that one press chooses, in days up to yesterday. */
export const PICKS = [7, PROPOSED_DAYS, 90] as const;

/** What to do with days that another backfill filled; null while nobody decided. */
export type Way = "add" | "other" | null;

export interface BackfillValues {
  /** Target, preset, confirmation and name, as in the form that starts other runs. */
  readonly start: StartValues;
  readonly form: WindowForm;
  /** The settings that a person set here. */
  readonly set: JsonObject;
  /** The run whose people come again; empty for new people. */
  readonly people: string;
  readonly way: Way;
}

export const ids = { people: "backfill-people", overlap: "backfill-overlap" } as const;

/** So many days up to yesterday, in either form. */
export function windowOf(form: WindowForm, days: number, today: string, set: JsonObject): JsonObject {
  const values = form === "dates" ? [plusDays(today, -days), plusDays(today, -1)] : [days, days];
  const cleared = Object.values(windowPointers)
    .flat()
    .reduce((config, pointer) => withValueAt(config, pointer, undefined), set);
  return windowPointers[form].reduce((config, pointer, index) => withValueAt(config, pointer, values[index]), cleared);
}

/** The settings that are laid over what the run begins from. */
function ownOf({ set, form }: BackfillValues): JsonObject {
  const other = windowPointers[form === "dates" ? "back" : "dates"];
  const cleared = other.reduce((config, pointer) => withValueAt(config, pointer, null), set);
  return withValueAt(cleared, "/backfill/enabled", true);
}

/** Stands in for a token: that there is one changes what a configuration means, which one does not. */
const SOME_TOKEN = "0".repeat(32);

interface Around {
  readonly practice: PracticeTarget | null;
  readonly saved: Configuration;
  readonly fields: readonly Field[];
}

/** Whether the control plane knows a token for the target that is typed, or one is typed. */
function tokenGiven({ start }: BackfillValues, practice: PracticeTarget | null): boolean {
  return start.token.trim() !== "" || (isPractice(start, practice) && practice?.token_set === true);
}

/** What the settings of the form begin from, as it is checked; with `own`, as it would run. */
export function checkOf(values: BackfillValues, around: Around, own: boolean): CheckRequest {
  const { start } = values;
  const over = own ? ownOf(values) : {};
  if (start.source === "configuration") {
    const { preset, config } = around.saved;
    return { preset, config: overlaid(config, over, around.fields), use_saved_token: true };
  }
  const token = tokenGiven(values, around.practice) ? SOME_TOKEN : "";
  return { preset: start.preset, config: { ...configOf({ ...start, token }), ...merged(start, over) } };
}

function merged({ off }: StartValues, own: JsonObject): JsonObject {
  return Object.entries(off).reduce((config, [pointer, value]) => withValueAt(config, pointer, value), own);
}

type Basis = Pick<NewRun, "use_configuration" | "preset" | "config" | "use_practice_target">;

function basisOf(values: BackfillValues, practice: PracticeTarget | null, token: string): Basis {
  const { start } = values;
  const own = ownOf(values);
  if (start.source === "configuration") return { use_configuration: true, config: own };
  return {
    preset: start.preset,
    config: { ...configOf({ ...start, token }), ...merged(start, own) },
    use_practice_target: usesPractice(start, practice),
  };
}

function peopleOf({ people }: BackfillValues) {
  return people === "" ? {} : { same_people_as: people };
}

/** What is planned. A typed token stays here. */
export function planOf(values: BackfillValues, practice: PracticeTarget | null): Basis & { same_people_as?: string } {
  return { ...basisOf(values, practice, values.start.token.trim() === "" ? "" : SOME_TOKEN), ...peopleOf(values) };
}

/** What a loader is to look at before the days are planned: the target alone, with its token. */
export function testOf(values: BackfillValues, practice: PracticeTarget | null): ConnectionRequest {
  const { start } = values;
  if (start.source === "configuration") return { use_configuration: true };
  const config = configOf({ ...start, off: {} });
  return { preset: start.preset, config, use_practice_target: usesPractice(start, practice) };
}

/** What is started. */
export function requestOf(values: BackfillValues, practice: PracticeTarget | null): NewRun {
  const { start } = values;
  const budget = budgetOf(start.budget);
  return {
    ...basisOf(values, practice, start.token),
    ...peopleOf(values),
    ...(values.way === "add" ? { overlap: "add" as const } : {}),
    ...(start.confirm.trim() === "" ? {} : { confirm_target: start.confirm.trim() }),
    ...(budget === null ? {} : { hit_budget: budget }),
    ...(start.name.trim() === "" ? {} : { name: start.name.trim() }),
    ...(start.notes.trim() === "" ? {} : { notes: start.notes.trim() }),
  };
}

const places: Readonly<Record<string, string>> = {
  "/targets": fieldIds.url,
  "/targets/0": fieldIds.url,
  "/targets/0/url": fieldIds.url,
  "/targets/0/site_id": fieldIds.siteId,
  "/targets/0/token_auth": fieldIds.token,
  "/preset": fieldIds.preset,
  "/hit_budget": fieldIds.budget,
  "/same_people_as": ids.people,
};

/** The pointers of the settings that the form shows. */
export function shownPointers(form: WindowForm): readonly string[] {
  return [...windowPointers[form], ZONE, ONCE, ...VISITS, ...RATES, ...SENDING];
}

/**
 * Problems with the places to mend them in. One about the other form of the window stands at the first field of the
 * form that is shown.
 */
export function placed(
  errors: readonly ConfigProblem[],
  values: BackfillValues,
  fields: readonly Field[],
): PlacedProblem[] {
  const shown = shownPointers(values.form);
  const typed = values.start.source === "preset";
  const place = (pointer: string) => {
    const field = fields.find((one) => shown.includes(one.pointer) && belongsTo(one, pointer));
    if (field) return field.id;
    if (Object.values(windowPointers).flat().includes(pointer)) return idOf(fields, windowPointers[values.form][0]);
    const own = places[pointer] ?? null;
    return own !== null && (typed || pointer === "/same_people_as" || pointer === "/hit_budget") ? own : null;
  };
  return errors.map((error) => ({ text: problemText(error), pointer: error.pointer, id: place(error.pointer) }));
}

function idOf(fields: readonly Field[], pointer: string): string | null {
  return fields.find((field) => field.pointer === pointer)?.id ?? null;
}

/** What is wrong at one element, as one text. */
export function problemAt(problems: readonly PlacedProblem[], id: string): string | null {
  const texts = problems.filter((problem) => problem.id === id).map(({ text }) => text);
  return texts.length === 0 ? null : [...new Set(texts)].join(" ");
}

/** Today, or any other day, may be a text or nothing at all while it is typed. */
export function zoneOf(set: JsonObject, below: unknown): string {
  const own = valueAt(set, ZONE);
  if (typeof own === "string" && own !== "") return own;
  return typeof below === "string" && below !== "" ? below : "UTC";
}

/** Runs whose people can come again: those that began. */
export function havePeople(runs: readonly RunSummary[]): readonly RunSummary[] {
  return runs.filter(({ started_at }) => started_at !== null);
}
