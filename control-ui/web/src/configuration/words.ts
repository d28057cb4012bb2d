// Values and origins in words.
import { messages } from "../messages";
import type { Field } from "./fields";
import { told } from "./text";
import type { Json, Origin } from "./types";

const words = messages.configuration;

export function originWord({ kind, name }: Origin): string {
  switch (kind) {
    case "default":
      return words.origins.default;
    case "you":
      return words.origins.you;
    default:
      return words.origins[kind](name).trim();
  }
}

export function valueWord(field: Pick<Field, "widget" | "unit" | "off">, value: Json | undefined): string {
  return told(field, value, words.words);
}

/** A value of which the schema knows nothing. */
export function plainWord(value: Json, unit: string | null): string {
  return told({ widget: "text", unit, off: undefined }, value, words.words);
}
