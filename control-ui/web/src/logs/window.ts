// Which rows of a long list are drawn: those in view and a few around them.

/** Height of a row; the style sheet holds it, too. In pixels. */
export const ROW = 20;
/** Rows above and below the view that are drawn, so that scrolling shows no blanks. */
const AROUND = 20;

export interface Window {
  readonly from: number;
  /** Not drawn any more. */
  readonly to: number;
}

export function windowOf(rows: number, scrollTop: number, height: number): Window {
  const first = Math.floor(scrollTop / ROW);
  return {
    from: Math.max(0, Math.min(first, rows) - AROUND),
    to: Math.min(rows, first + Math.ceil(height / ROW) + AROUND),
  };
}

/** The first row whose number is not below n; rows are in the order of their numbers. */
export function rowOf(rows: readonly { readonly n: number }[], n: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.n ?? 0) < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
