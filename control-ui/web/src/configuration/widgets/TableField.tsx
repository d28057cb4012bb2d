// A list of small objects as a table: one column for each property, such as a country and its weight.
import { Button } from "@mantine/core";
import { messages } from "../../messages";
import { isObject } from "../json";
import { shown } from "../text";
import type { Json } from "../types";
import classes from "./Field.module.css";
import { focusSoon, itemsOf, without, withItem } from "./rows";
import { TypedInput } from "./TypedInput";
import type { WidgetProps } from "./widget";

const words = messages.configuration.field;

/** Columns that fit beside each other on a phone. */
const FEW = 2;

export function TableField({ field, value, control, onChange, problemAt }: WidgetProps) {
  const items = itemsOf(value);
  const columns = field.columns.map((column) => ({ column, key: column.pointer.slice(1) }));
  const idOf = (row: number, key: string) => `${control.id}-${row}-${key}`;
  const cell = (item: Json, key: string): Json | undefined => (isObject(item) ? item[key] : undefined);
  const add = () => {
    onChange([...items, Object.fromEntries(columns.map(({ column, key }) => [key, column.fallback ?? ""]))]);
    focusSoon(idOf(items.length, columns[0]?.key ?? ""));
  };
  return (
    <>
      {items.length > 0 && (
        <div className={classes.scroll}>
          <table
            className={classes.table}
            aria-labelledby={control.labelId}
            data-wide={columns.length > FEW ? "" : undefined}
          >
            <thead>
              <tr>
                {columns.map(({ column, key }) => (
                  <th key={key} scope="col">
                    {column.title}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {items.map((item, row) => {
                const name = columns[0] ? shown(columns[0].column, cell(item, columns[0].key)) : "";
                return (
                  // Rows have no name of their own until one is typed; they are told apart by their place.
                  <tr key={row}>
                    {columns.map(({ column, key }) => (
                      <td key={key}>
                        <TypedInput
                          id={idOf(row, key)}
                          aria-label={words.item(column.title, row + 1)}
                          aria-invalid={problemAt(`/${row}/${key}`) === null ? undefined : true}
                          field={column}
                          inputMode={column.widget === "number" ? "decimal" : undefined}
                          value={cell(item, key)}
                          onValue={(next) => {
                            onChange(withItem(items, row, { ...(isObject(item) ? item : {}), [key]: next ?? "" }));
                          }}
                        />
                      </td>
                    ))}
                    <td>
                      <Button
                        variant="subtle"
                        size="xs"
                        aria-label={words.removeRow(field.title, name === "" ? String(row + 1) : name)}
                        onClick={() => {
                          onChange(without(items, row));
                          focusSoon(control.id);
                        }}
                      >
                        {words.remove}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <div>
        <Button variant="default" size="xs" aria-label={words.addRow(field.title)} onClick={add}>
          {words.add}
        </Button>
      </div>
    </>
  );
}
