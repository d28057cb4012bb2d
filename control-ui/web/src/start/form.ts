// The start form as data: what it holds, what it asks the API for, and which of its fields a problem belongs to.
// Holds no default and no limit of a setting; those are the server's.
import type { ConfigProblem, NewRun, PracticeTarget, Preset, RunSummary } from "../api/types";
import { sentence } from "../format";
import { TRIAL_VISITS } from "../messages";

export type Size = "trial" | "full";

export interface StartValues {
  readonly url: string;
  readonly siteId: string;
  readonly token: string;
  readonly preset: string;
  readonly size: Size;
  /** The host name typed back. */
  readonly confirm: string;
}

export type Field = "url" | "siteId" | "token" | "preset" | "confirm";

export const fieldIds: Record<Field, string> = {
  url: "target-url",
  siteId: "target-site",
  token: "target-token",
  preset: "preset",
  confirm: "confirm-host",
};

const pointers: Readonly<Record<string, Field>> = {
  "/targets": "url",
  "/targets/0": "url",
  "/targets/0/url": "url",
  "/targets/0/site_id": "siteId",
  "/targets/0/token_auth": "token",
  "/preset": "preset",
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
): StartValues {
  const target = last?.target ?? practice;
  return {
    url: target?.url ?? "",
    siteId: target ? String(target.site_id) : siteId,
    token: "",
    preset: presets.find((preset) => preset.id === last?.preset)?.id ?? presets[0]?.id ?? "",
    size: "trial",
    confirm: "",
  };
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

/** A number where the text is one; anything else goes to the server as it is, which says what is wrong with it. */
function numberOrText(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}

export function configOf(values: StartValues): Record<string, unknown> {
  const token = values.token.trim();
  const target = {
    url: values.url.trim(),
    site_id: numberOrText(values.siteId),
    token_auth: token === "" ? undefined : token,
  };
  return { targets: [target] };
}

export function requestOf(values: StartValues, practice: PracticeTarget | null): NewRun {
  const confirm = values.confirm.trim();
  return {
    preset: values.preset,
    config: configOf(values),
    trial: values.size === "trial" ? TRIAL_VISITS : undefined,
    confirm_target: values.size === "full" && confirm !== "" ? confirm : undefined,
    // The control plane holds the practice target's token; one that was typed goes before it.
    use_practice_target: isPractice(values, practice) && values.token.trim() === "",
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
