// Values as a person types and reads them. What cannot be read as the type stays text and goes to the server as it is,
// which says what is wrong with it.
import type { Field } from "./fields";
import type { Json } from "./types";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Moves the point by two places without the dust of binary fractions: 0.07 is 7, not 7.000000000000001. */
function scaled(value: number, places: 2 | -2): number {
  return Number(`${Number(value.toPrecision(15))}e${places}`);
}

/** The text that an input shows for a value. */
export function shown(field: Pick<Field, "widget">, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") {
    const scaledValue = field.widget === "percent" && !/e/i.test(String(value)) ? scaled(value, 2) : value;
    return String(scaledValue);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a typed text means; undefined when it is empty. */
export function read(field: Pick<Field, "widget">, typed: string): Json | undefined {
  const trimmed = typed.trim();
  if (trimmed === "") return undefined;
  switch (field.widget) {
    case "number":
      return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
    case "percent": {
      const plain = trimmed.replace(/\s*%$/, "");
      return NUMBER.test(plain) && !/e/i.test(plain) ? scaled(Number(plain), -2) : trimmed;
    }
    case "lines":
      return typed;
    default:
      return trimmed;
  }
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 12 });

/** A value in a sentence or a table: "20,000 visits/day", "15 %", "not set". */
export function told(field: Pick<Field, "widget" | "unit" | "off">, value: Json | undefined, words: ToldWords): string {
  if (value === undefined || value === null || value === "") return words.notSet;
  if (field.off !== undefined && value === field.off) return words.off;
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (typeof value === "number") {
    const unit = field.widget === "percent" ? "%" : field.unit;
    const figure = whole.format(field.widget === "percent" ? scaled(value, 2) : value);
    return unit === null ? figure : `${figure} ${unit}`;
  }
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.length === 0 ? words.none : items.map((item) => itemTold(item)).join(", ");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

export interface ToldWords {
  readonly notSet: string;
  readonly none: string;
  readonly on: string;
  readonly off: string;
}

function itemTold(item: Json): string {
  if (typeof item === "object" && item !== null) {
    return Object.values(item)
      .map((part) => (typeof part === "number" ? whole.format(part) : shown({ widget: "text" }, part)))
      .join(" ");
  }
  return typeof item === "number" ? whole.format(item) : String(item);
}
