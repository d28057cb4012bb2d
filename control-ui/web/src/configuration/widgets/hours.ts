// Ranges of the day as one text: "22:00-06:00, 12:00-13:00".

export interface Range {
  readonly from: string;
  readonly to: string;
}

export function rangesOf(text: string): readonly Range[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [from = "", to = ""] = part.split("-").map((side) => side.trim());
      return { from, to };
    });
}

export function textOf(ranges: readonly Range[]): string {
  return ranges.map(({ from, to }) => `${from}-${to}`).join(", ");
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Whether inputs of times can show it; otherwise it is shown as it was written. */
export function areTimes(ranges: readonly Range[]): boolean {
  return ranges.every(({ from, to }) => [from, to].every((time) => time === "" || TIME.test(time)));
}
