// A configuration as a list of its settings, each with a JSON pointer. Lists of plain values stay together.

export interface Leaf {
  readonly pointer: string;
  readonly text: string;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

export function leavesOf(value: unknown, pointer = ""): Leaf[] {
  if (Array.isArray(value) && !value.every(isPlain)) {
    return value.flatMap((item, index) => leavesOf(item, `${pointer}/${index}`));
  }
  if (Array.isArray(value)) return [{ pointer, text: value.map(String).join(", ") || "–" }];
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([key, inner]) =>
      leavesOf(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    );
  }
  return [{ pointer, text: value === "" ? "–" : String(value) }];
}
