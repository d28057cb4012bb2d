// A list of single values, one a line, with a way to add and to take away.
import { Button } from "@mantine/core";
import { messages } from "../../messages";
import type { Json } from "../types";
import classes from "./Field.module.css";
import { focusSoon, itemsOf, without, withItem } from "./rows";
import { TypedInput } from "./TypedInput";
import type { WidgetProps } from "./widget";

const words = messages.configuration.field;

export function ListField({ field, value, control, onChange, problemAt }: WidgetProps) {
  const items = itemsOf(value);
  const column = field.columns[0] ?? field;
  const idOf = (row: number) => `${control.id}-${row}`;
  const add = () => {
    onChange([...items, ""]);
    focusSoon(idOf(items.length));
  };
  return (
    <>
      <ul className={classes.rows}>
        {items.map((item, row) => (
          // Rows have no name of their own; they are told apart by their place.
          <li key={row} className={classes.row}>
            <TypedInput
              id={idOf(row)}
              aria-label={words.item(field.title, row + 1)}
              aria-invalid={problemAt(`/${row}`) === null ? undefined : true}
              field={column}
              wrapperClass={classes.narrow}
              inputMode={column.widget === "number" ? "decimal" : undefined}
              value={item}
              onValue={(next: Json | undefined) => {
                onChange(withItem(items, row, next ?? ""));
              }}
            />
            <Button
              variant="subtle"
              size="xs"
              aria-label={words.removeRow(field.title, String(row + 1))}
              onClick={() => {
                onChange(without(items, row));
                focusSoon(control.id);
              }}
            >
              {words.remove}
            </Button>
          </li>
        ))}
      </ul>
      <div>
        <Button variant="default" size="xs" aria-label={words.addRow(field.title)} onClick={add}>
          {words.add}
        </Button>
      </div>
    </>
  );
}
