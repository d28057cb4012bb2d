// A dense table that scrolls sideways by itself where the page is narrow.
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export interface Column {
  readonly title: string;
  readonly numeric?: boolean;
}

export interface Row {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  readonly current?: boolean;
}

interface Props {
  readonly label: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The first cell of each row names the row. */
  readonly rowHeaders?: boolean;
  readonly maxHeight?: number;
}

export function DataTable({ label, caption, columns, rows, rowHeaders = false, maxHeight }: Props) {
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0} style={{ maxHeight }}>
      <table className={classes.table}>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={column.numeric ? classes.numeric : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-current={row.current ? "" : undefined}>
              {row.cells.map((cell, index) => {
                const column = columns[index];
                const className = column?.numeric ? classes.numeric : undefined;
                return index === 0 && rowHeaders ? (
                  <th key={column?.title} scope="row" className={className}>
                    {cell}
                  </th>
                ) : (
                  <td key={column?.title} className={className}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
