// The time zones that the browser knows, with what each is off from UTC today.

export interface Zone {
  readonly name: string;
  /** "UTC+1" */
  readonly offset: string;
}

let known: readonly Zone[] | null = null;

export function offsetOf(name: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: name, timeZoneName: "shortOffset" }).formatToParts(at);
  return (parts.find(({ type }) => type === "timeZoneName")?.value ?? "").replace("GMT", "UTC");
}

export function zones(): readonly Zone[] {
  known ??= ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")].map((name) => ({
    name,
    offset: offsetOf(name, new Date()),
  }));
  return known;
}
