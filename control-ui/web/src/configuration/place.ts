// Places in a text: line and column, both from 1, and the offset that a text area counts.

export function offsetAt(text: string, line: number, column: number | null): number {
  const lines = text.split("\n");
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  const inLine = Math.min(Math.max(0, (column ?? 1) - 1), lines[line - 1]?.length ?? 0);
  return Math.min(before + inLine, text.length);
}
