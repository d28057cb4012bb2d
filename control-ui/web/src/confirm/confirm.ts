// What must be given before a full run to a target: its host typed back, and a budget where hits are billed.
import type { Confirmation } from "../configuration/types";
import { messages } from "../messages";

const words = messages.confirm;

export interface Given {
  readonly typed: string;
  readonly budget: string;
}

export const NOTHING_GIVEN: Given = { typed: "", budget: "" };

/** What is wrong with the typed host; null when it is the host, or needs no typing. */
export function typedProblem(confirmation: Pick<Confirmation, "host" | "needed">, typed: string): string | null {
  const name = typed.trim();
  if (!confirmation.needed || name.toLowerCase() === confirmation.host.toLowerCase()) return null;
  return name === "" ? words.nothingTyped(confirmation.host) : words.otherTyped(name, confirmation.host);
}

/** What is wrong with the budget; null when it is one, or none is needed. */
export function budgetProblem(needed: boolean, budget: string): string | null {
  const text = budget.trim();
  if (text === "") return needed ? words.budgetMissing : null;
  return budgetOf(budget) === null ? words.budgetWrong(text) : null;
}

/** The budget as a number; thousands may be parted by commas or blanks. Null when it is none. */
export function budgetOf(budget: string): number | null {
  const plain = budget.trim().replaceAll(/[,\s](?=\d{3}(\D|$))/g, "");
  const value = Number(plain);
  return /^\d+$/.test(plain) && Number.isSafeInteger(value) && value > 0 ? value : null;
}
