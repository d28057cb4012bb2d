// Ranges of the day, each with two times.
import { Button, Input } from "@mantine/core";
import { messages } from "../../messages";
import { shown } from "../text";
import classes from "./Field.module.css";
import { areTimes, rangesOf, textOf, type Range } from "./hours";
import { focusSoon } from "./rows";
import { TypedInput } from "./TypedInput";
import type { WidgetProps } from "./widget";

const words = messages.configuration.field;

export function HoursField({ field, value, control, onChange }: WidgetProps) {
  const text = shown(field, value);
  const ranges = rangesOf(text);
  const idOf = (row: number) => `${control.id}-${row}`;
  const set = (next: readonly Range[]) => {
    onChange(textOf(next));
  };
  if (!areTimes(ranges)) {
    return <TypedInput aria-label={field.title} aria-invalid field={field} value={value} onValue={onChange} />;
  }
  return (
    <>
      {ranges.length === 0 && <p className={classes.help}>{words.empty}</p>}
      <ul className={classes.rows}>
        {ranges.map((range, row) => (
          // Ranges have no name; they are told apart by their place.
          <li key={row} className={classes.row}>
            {(["from", "to"] as const).map((side) => (
              <label key={side} className={classes.check}>
                {words[side]}
                <Input
                  type="time"
                  id={side === "from" ? idOf(row) : undefined}
                  aria-label={side === "from" ? words.hoursFrom(row + 1) : words.hoursTo(row + 1)}
                  value={range[side]}
                  onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
                    const time = event.currentTarget.value;
                    set(ranges.map((old, index) => (index === row ? { ...old, [side]: time } : old)));
                  }}
                />
              </label>
            ))}
            <Button
              variant="subtle"
              size="xs"
              aria-label={words.removeRow(field.title, words.range(row + 1))}
              onClick={() => {
                set(ranges.filter((_, index) => index !== row));
                focusSoon(control.id);
              }}
            >
              {words.remove}
            </Button>
          </li>
        ))}
      </ul>
      <div>
        <Button
          variant="default"
          size="xs"
          aria-label={words.addRow(field.title)}
          onClick={() => {
            set([...ranges, { from: "", to: "" }]);
            focusSoon(idOf(ranges.length));
          }}
        >
          {words.add}
        </Button>
      </div>
    </>
  );
}
