// A browser's long name for itself, made short enough for a table: "Firefox 140, Linux".

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, "Edge"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrom(?:e|ium)\/(\d+)/, "Chrome"],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari/, "Safari"],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** Null when nothing was said; a text that is not known is given as it is. */
export function browserOf(agent: string): string | null {
  if (agent.trim() === "") return null;
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = systems.find(([known]) => known.test(agent))?.[1];
    return [`${name} ${version}`, system].filter(Boolean).join(", ");
  }
  return agent.length > 60 ? `${agent.slice(0, 59)}…` : agent;
}
