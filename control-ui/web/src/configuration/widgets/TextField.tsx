// One line: text, address, number, share in percent, day, time zone. A setting that can be off has a box for that.
import { useId } from "react";
import { messages } from "../../messages";
import type { Field } from "../fields";
import type { Json } from "../types";
import classes from "./Field.module.css";
import { TypedInput } from "./TypedInput";
import { described, type WidgetProps } from "./widget";
import { zones } from "./zones";

const words = messages.configuration.field;

const kinds: Partial<Record<Field["widget"], React.ComponentPropsWithoutRef<"input">>> = {
  url: { type: "url", inputMode: "url", spellCheck: false, autoCapitalize: "none" },
  number: { inputMode: "decimal" },
  percent: { inputMode: "decimal" },
  date: { type: "date" },
  "time-zone": { spellCheck: false, autoCapitalize: "none", autoComplete: "off" },
};

interface Props extends WidgetProps {
  /** What stands below the draft: what the setting is when it is not off. */
  readonly below: Json | undefined;
}

export function TextField({ field, value, below, control, onChange }: Props) {
  const listId = useId();
  const isOff = field.off !== undefined && value === field.off;
  const unit = field.widget === "percent" ? "%" : field.unit;
  const isNarrow = ["number", "percent", "date"].includes(field.widget);
  return (
    <div className={classes.line}>
      <TypedInput
        {...described(control)}
        {...kinds[field.widget]}
        field={field}
        wrapperClass={isNarrow ? classes.narrow : classes.wide}
        value={isOff ? undefined : value}
        placeholder={isOff ? words.off : (field.example ?? undefined)}
        list={field.widget === "time-zone" ? listId : undefined}
        autoComplete="off"
        onValue={(next) => {
          onChange(next ?? (field.nullable && below !== null && below !== undefined ? null : undefined));
        }}
      />
      {unit !== null && <span className={classes.unit}>{unit}</span>}
      {field.off !== undefined && (
        <label className={classes.check}>
          <input
            type="checkbox"
            checked={isOff}
            aria-describedby={control.labelId}
            onChange={(event) => {
              if (event.currentTarget.checked) {
                onChange(field.off);
                return;
              }
              onChange(below === field.off ? (field.fallback === field.off ? undefined : field.fallback) : undefined);
              document.getElementById(control.id)?.focus();
            }}
          />
          {words.off}
        </label>
      )}
      {field.widget === "time-zone" && (
        <datalist id={listId}>
          {zones().map(({ name, offset }) => (
            <option key={name} value={name} label={offset} />
          ))}
        </datalist>
      )}
    </div>
  );
}
