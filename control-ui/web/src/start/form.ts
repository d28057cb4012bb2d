// The start form as data: what it holds, what it asks the API for, and which of its fields a problem belongs to.
// Holds no default and no limit of a setting; those are the server's.
import type { ConfigProblem, NewRun, PracticeTarget, Preset, RunSummary } from "../api/types";
import { budgetOf } from "../confirm/confirm";
import { valueAt, withValueAt } from "../configuration/json";
import type { Configuration, Json, JsonObject } from "../configuration/types";
import { sentence } from "../format";
import { TRIAL_VISITS } from "../messages";
import { momentOf, ownZone } from "./moment";

export type Size = "trial" | "full";

/** What the run does: the saved configuration with its target, or a preset with the target that is typed here. */
export type Source = "configuration" | "preset";

export interface StartValues {
  readonly source: Source;
  readonly url: string;
  readonly siteId: string;
  readonly token: string;
  readonly preset: string;
  readonly size: Size;
  /** The host name typed back. */
  readonly confirm: string;
  /** Most hits, where they are billed. */
  readonly budget: string;
  /** Pointers of the stop rules that are switched off for this run, and what switches each off. */
  readonly off: Readonly<Record<string, Json>>;
  readonly name: string;
  readonly notes: string;
  /** A time of the clock in `zone`; empty is now. */
  readonly startAt: string;
  readonly zone: string;
}

export type Field = "url" | "siteId" | "token" | "preset" | "confirm" | "budget" | "startAt";

export const fieldIds: Record<Field, string> = {
  url: "target-url",
  siteId: "target-site",
  token: "target-token",
  preset: "preset",
  confirm: "confirm-host",
  budget: "confirm-budget",
  startAt: "start-at",
};

const pointers: Readonly<Record<string, Field>> = {
  "/targets": "url",
  "/targets/0": "url",
  "/targets/0/url": "url",
  "/targets/0/site_id": "siteId",
  "/targets/0/token_auth": "token",
  "/preset": "preset",
  "/start_at": "startAt",
  "/hit_budget": "budget",
};

export interface ShownProblem {
  /** The field that it stands beside; null when the form has no such field. */
  readonly field: Field | null;
  readonly pointer: string;
  readonly text: string;
}

/** Starts from the run that is shown, whose target the person has in mind; else from the practice target. */
export function initialValues(
  last: Pick<RunSummary, "target" | "preset"> | undefined,
  practice: PracticeTarget | null,
  presets: readonly Preset[],
  siteId: string,
  saved?: Configuration,
): StartValues {
  const target = last?.target ?? practice;
  return {
    source: saved && savedTarget(saved) !== null ? "configuration" : "preset",
    url: target?.url ?? "",
    siteId: target ? String(target.site_id) : siteId,
    token: "",
    preset: presets.find((preset) => preset.id === last?.preset)?.id ?? presets[0]?.id ?? "",
    size: "trial",
    confirm: "",
    budget: "",
    off: {},
    name: "",
    notes: "",
    startAt: "",
    zone: ownZone(),
  };
}

/** The address that the saved configuration names; null when it names none. */
export function savedTarget({ config }: Configuration): string | null {
  const url = valueAt(config, "/targets/0/url");
  return typeof url === "string" && url !== "" ? url : null;
}

/** The host as a person types it back: with the port when it is not the usual one. Null while there is none. */
export function hostOf(url: string): string | null {
  try {
    return new URL(url.trim()).host || null;
  } catch {
    return null;
  }
}

export function isPractice(values: StartValues, practice: PracticeTarget | null): boolean {
  return practice !== null && values.url.trim() === practice.url && values.siteId.trim() === String(practice.site_id);
}

/** Whether the control plane is to fill in the practice target with its token. */
export function usesPractice(values: StartValues, practice: PracticeTarget | null): boolean {
  return isPractice(values, practice) && values.token.trim() === "";
}

/** A number where the text is one; anything else goes to the server as it is, which says what is wrong with it. */
function numberOrText(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}

export function configOf(values: Pick<StartValues, "url" | "siteId" | "token" | "off">): JsonObject {
  const token = values.token.trim();
  const siteId = numberOrText(values.siteId);
  const target = {
    url: values.url.trim(),
    ...(siteId === undefined ? {} : { site_id: siteId }),
    ...(token === "" ? {} : { token_auth: token }),
  };
  return Object.entries(values.off).reduce<JsonObject>(
    (config, [pointer, value]) => withValueAt(config, pointer, value),
    { targets: [target] },
  );
}

/** What is asked for; only what was given, so that the same form is the same request. */
export function requestOf(values: StartValues, practice: PracticeTarget | null): NewRun {
  const confirm = values.confirm.trim();
  const full = values.size === "full";
  const budget = full ? budgetOf(values.budget) : null;
  const startAt = momentOf(values.startAt, values.zone);
  const what =
    values.source === "configuration"
      ? { use_configuration: true }
      : {
          preset: values.preset,
          config: configOf(values),
          // The control plane holds the practice target's token; one that was typed goes before it.
          use_practice_target: usesPractice(values, practice),
        };
  return {
    ...what,
    ...(full ? {} : { trial: TRIAL_VISITS }),
    ...(full && confirm !== "" ? { confirm_target: confirm } : {}),
    ...(budget === null ? {} : { hit_budget: budget }),
    ...(values.name.trim() === "" ? {} : { name: values.name.trim() }),
    ...(values.notes.trim() === "" ? {} : { notes: values.notes.trim() }),
    ...(startAt === null ? {} : { start_at: startAt }),
  };
}

/** In the order of the form; what it does not show comes last. */
export function shownProblems(errors: readonly ConfigProblem[]): ShownProblem[] {
  const order: readonly (Field | null)[] = [...(Object.keys(fieldIds) as Field[]), null];
  return errors
    .map(({ pointer, message, hint }) => ({
      field: pointers[pointer] ?? null,
      pointer,
      text: sentence(hint === null || hint === "" ? message : `${message}: ${hint}`),
    }))
    .sort((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}

export function problemOf(problems: readonly ShownProblem[], field: Field): string | null {
  const texts = problems.filter((problem) => problem.field === field).map((problem) => problem.text);
  return texts.length === 0 ? null : texts.join(" ");
}
