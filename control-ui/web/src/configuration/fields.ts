// The form as the JSON Schema of a run configuration describes it: sections, and in each its fields with label, help,
// unit, limits and the way to draw them. Knows no setting by name.
import { isObject, valueAt } from "./json";
import type { Json, JsonObject } from "./types";

export type Widget =
  | "text"
  | "url"
  | "number"
  | "percent"
  | "choice"
  | "switch"
  | "list"
  | "table"
  | "time-zone"
  | "secret"
  | "lines"
  | "date"
  | "hours";

export interface Choice {
  readonly value: Json;
  readonly help: string | null;
}

export interface Field {
  readonly pointer: string;
  /** Of the element that takes the focus. */
  readonly id: string;
  readonly title: string;
  readonly help: string | null;
  readonly unit: string | null;
  readonly example: string | null;
  /** The name in the environment. */
  readonly env: string | null;
  readonly widget: Widget;
  readonly advanced: boolean;
  readonly nullable: boolean;
  readonly choices: readonly Choice[];
  /** Of a table, or the one of a list. */
  readonly columns: readonly Field[];
  /** What to set so that the setting is off; undefined when it has no such value. */
  readonly off: Json | undefined;
  /** The value that the schema gives. */
  readonly fallback: Json | undefined;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly help: string | null;
  readonly fields: readonly Field[];
}

type Node = JsonObject;

function text(value: Json | undefined): string | null {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}

function idOf(pointer: string): string {
  return `setting${pointer.replaceAll("/", "-")}`;
}

function typesOf(node: Node): readonly Json[] {
  return Array.isArray(node.type) ? (node.type as readonly Json[]) : [node.type ?? null];
}

function choicesOf(node: Node): Choice[] {
  const listed = Array.isArray(node.oneOf) ? (node.oneOf as readonly Json[]) : [];
  const described = listed.flatMap((option) =>
    isObject(option) && option.const !== undefined
      ? [{ value: option.const, help: text(option.description) }]
      : isObject(option) && Array.isArray(option.enum)
        ? (option.enum as readonly Json[]).map((value) => ({ value, help: text(option.description) }))
        : [],
  );
  if (described.length > 0) return described;
  return Array.isArray(node.enum) ? (node.enum as readonly Json[]).map((value) => ({ value, help: null })) : [];
}

const named: Readonly<Record<string, Widget>> = {
  url: "url",
  password: "secret",
  secret: "secret",
  "time-zone": "time-zone",
  probability: "percent",
  percent: "percent",
  date: "date",
  pem: "lines",
  lines: "lines",
  "multi-line": "lines",
  multiline: "lines",
  textarea: "lines",
  "quiet-hours": "hours",
  hours: "hours",
  "time-ranges": "hours",
};

function widgetOf(node: Node): Widget {
  if (node["x-secret"] === true || node.writeOnly === true) return "secret";
  const asked = named[text(node["x-widget"]) ?? ""];
  if (asked !== undefined) return asked;
  if (choicesOf(node).length > 0) return "choice";
  const types = typesOf(node);
  if (types.includes("boolean")) return "switch";
  if (types.includes("integer") || types.includes("number")) return "number";
  if (types.includes("array")) return isObject(node.items) && isObject(node.items.properties) ? "table" : "list";
  return "text";
}

/** The properties of an object in the order in which they are to be shown. */
function ordered(node: Node): [string, Node][] {
  const properties = isObject(node.properties) ? Object.entries(node.properties) : [];
  const found = properties.filter((entry): entry is [string, Node] => isObject(entry[1]));
  const place = (property: Node) => (typeof property["x-order"] === "number" ? property["x-order"] : Infinity);
  return found.sort(([, a], [, b]) => place(a) - place(b));
}

/** A share is written as 0 to 1 in files and as a percentage in the form. */
function helpOf(node: Node, widget: Widget): string | null {
  const help = text(node.description);
  return widget === "percent" ? (help?.replace(/\b0 to 1\b/, "0 to 100 %") ?? null) : help;
}

function fieldOf(pointer: string, node: Node): Field {
  const widget = widgetOf(node);
  const examples = Array.isArray(node.examples) ? (node.examples as readonly Json[]) : [];
  const items = isObject(node.items) ? node.items : null;
  return {
    pointer,
    id: idOf(pointer),
    title: text(node.title) ?? pointer.split("/").at(-1) ?? pointer,
    help: helpOf(node, widget),
    unit: text(node["x-unit"]),
    example: text(examples[0]),
    env: text(node["x-env"]),
    widget,
    advanced: node["x-advanced"] === true,
    nullable: typesOf(node).includes("null"),
    choices: widget === "choice" ? choicesOf(node) : [],
    columns: items === null ? [] : columnsOf(widget, items),
    off: node["x-off"],
    fallback: node.default,
  };
}

/** Pointers of columns begin at the row. */
function columnsOf(widget: Widget, items: Node): Field[] {
  return widget === "table" ? ordered(items).map(([key, node]) => fieldOf(`/${key}`, node)) : [fieldOf("", items)];
}

/** One of the lists of which there is exactly one for now is shown as its only item. */
function onlyItem(node: Node): Node | null {
  return node.maxItems === 1 && isObject(node.items) && isObject(node.items.properties) ? node.items : null;
}

interface Found {
  readonly group: string;
  readonly about: string | null;
  readonly field: Field;
}

function walk(pointer: string, node: Node): Found[] {
  return ordered(node).flatMap(([key, property]) => {
    const inner = `${pointer}/${key}`;
    const item = onlyItem(property);
    if (item !== null) return walk(`${inner}/0`, item);
    if (property["x-unavailable"] === true) return [];
    if (isObject(property.properties)) return walk(inner, property);
    if (property["x-widget"] === "hidden") return [];
    const group = text(property["x-group"]) ?? text(node.title) ?? inner;
    const about = group === text(node.title) ? text(node.description) : null;
    return [{ group, about, field: fieldOf(inner, property) }];
  });
}

/** The sections of the form; a section is a group of settings, in the order of its first one. */
export function sectionsOf(schema: unknown): readonly Section[] {
  const groups = new Map<string, Found[]>();
  for (const found of isObject(schema) ? walk("", schema) : []) {
    groups.set(found.group, [...(groups.get(found.group) ?? []), found]);
  }
  return [...groups].map(([title, found]) => ({
    id: `section-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
    title,
    help: found.find(({ about }) => about !== null)?.about ?? null,
    fields: found.map(({ field }) => field),
  }));
}

export function fieldsOf(sections: readonly Section[]): readonly Field[] {
  return sections.flatMap((section) => section.fields);
}

/** The field that a pointer leads to or into: a problem may be about a row of a table. */
export function fieldAt(fields: readonly Field[], pointer: string): Field | undefined {
  return fields.find((field) => belongsTo(field, pointer));
}

export function belongsTo(field: Field, pointer: string): boolean {
  return pointer === field.pointer || pointer.startsWith(`${field.pointer}/`);
}

/** The sections with the fields in which every word is found; all of them when nothing is looked for. */
export function matching(sections: readonly Section[], search: string): readonly Section[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return sections;
  return sections
    .map((section) => ({
      ...section,
      fields: section.fields.filter((field) => {
        const about = [section.title, field.title, field.help, field.env, field.pointer, field.unit].join(" ");
        return words.every((word) => about.toLowerCase().includes(word));
      }),
    }))
    .filter((section) => section.fields.length > 0);
}

/** What a document sets at a field. */
export function ownValue(config: JsonObject, field: Field): Json | undefined {
  return valueAt(config, field.pointer);
}

/** The rules that end a run by themselves: the first section with settings that can be off, and those of it. */
export function stopRulesOf(sections: readonly Section[]): readonly Field[] {
  const canBeOff = sections.map(({ fields }) => fields.filter(({ off }) => off !== undefined));
  return canBeOff.find((fields) => fields.length > 0) ?? [];
}
