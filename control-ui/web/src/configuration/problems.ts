// What is wrong with a draft, and beside which field it stands.
import type { ConfigProblem } from "../api/types";
import { sentence } from "../format";
import { belongsTo, type Field } from "./fields";

export function problemText({ message, hint }: Pick<ConfigProblem, "message" | "hint">): string {
  return sentence(hint === null || hint === "" ? message : `${message}: ${hint}`);
}

/** What is wrong with a field or a part of it, as one text. */
export function problemOf(field: Field, problems: readonly ConfigProblem[]): string | null {
  const texts = problems.filter(({ pointer }) => belongsTo(field, pointer)).map(problemText);
  return texts.length === 0 ? null : [...new Set(texts)].join(" ");
}

/** What is wrong at one place inside of a field's value. */
export function problemAt(field: Field, inner: string, problems: readonly ConfigProblem[]): string | null {
  const at = problems.find(({ pointer }) => pointer === `${field.pointer}${inner}`);
  return at === undefined ? null : problemText(at);
}

/** In the order of the form; what has no field there comes last. */
export function inOrder(problems: readonly ConfigProblem[], fields: readonly Field[]): readonly ConfigProblem[] {
  const place = ({ pointer }: ConfigProblem) => {
    const found = fields.findIndex((field) => belongsTo(field, pointer));
    return found === -1 ? fields.length : found;
  };
  return [...problems].sort((a, b) => place(a) - place(b));
}
