// Label and help text of a setting, read from the JSON Schema that the control plane serves.

export interface SettingText {
  readonly title: string;
  readonly description: string | null;
  readonly example: string | null;
  readonly fallback: string;
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(root: unknown, path: string): unknown {
  return path
    .split("/")
    .slice(1)
    .reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), root);
}

/** Follows a reference; what stands beside the reference wins over what it names. */
function resolved(root: Node, node: unknown): Node | null {
  if (!isNode(node)) return null;
  const options = [node.allOf, node.anyOf, node.oneOf].find(Array.isArray) as unknown[] | undefined;
  const named = typeof node.$ref === "string" ? at(root, node.$ref.replace(/^#/, "")) : undefined;
  const inner = named ?? options?.find((option) => isNode(option) && option.type !== "null");
  return inner === undefined ? node : { ...resolved(root, inner), ...node };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}

/** `pointer` is a pointer into the run configuration, such as /targets/0/url. */
export function settingText(schema: unknown, pointer: string): SettingText {
  const keys = pointer.split("/").slice(1);
  let node: Node | null = isNode(schema) ? resolved(schema, schema) : null;
  for (const key of keys) {
    if (!node || !isNode(schema)) break;
    node = /^\d+$/.test(key) ? resolved(schema, node.items) : resolved(schema, at(node, `/properties/${key}`));
  }
  const examples = node?.examples;
  return {
    title: text(node?.title) ?? keys.at(-1) ?? pointer,
    description: text(node?.description),
    example: Array.isArray(examples) ? text(examples[0]) : null,
    fallback: text(node?.default) ?? "",
  };
}
