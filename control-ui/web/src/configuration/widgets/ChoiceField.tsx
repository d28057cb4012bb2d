// One of a few, each with its help; many become a list that opens.
import { NativeSelect } from "@mantine/core";
import { HelpText } from "../../ui/HelpText";
import { same } from "../json";
import { shown } from "../text";
import classes from "./Field.module.css";
import { described, type WidgetProps } from "./widget";

/** How many choices are shown at once. */
export const CHOICES_SHOWN = 4;

export function ChoiceField({ field, value, control, onChange }: WidgetProps) {
  const choices = field.choices.map(({ value: choice, help }) => ({ choice, help, text: shown(field, choice) }));
  if (choices.length > CHOICES_SHOWN) {
    const known = choices.some(({ choice }) => same(choice, value));
    const data = choices.map(({ text }) => text);
    return (
      <NativeSelect
        {...described(control)}
        data={known ? data : [shown(field, value), ...data]}
        value={shown(field, value)}
        onChange={(event) => {
          onChange(choices.find(({ text }) => text === event.currentTarget.value)?.choice);
        }}
      />
    );
  }
  return (
    <div className={classes.options}>
      {choices.map(({ choice, help, text }) => {
        const id = `${control.id}-${text}`;
        return (
          <label key={text} className={classes.option} htmlFor={id}>
            <input
              type="radio"
              id={id}
              name={control.id}
              value={text}
              checked={same(choice, value)}
              aria-describedby={help === null ? undefined : `${id}-help`}
              onChange={() => {
                onChange(choice);
              }}
            />
            <span>{text}</span>
            {help !== null && (
              <span id={`${id}-help`} className={classes.optionHelp}>
                <HelpText text={help} />
              </span>
            )}
          </label>
        );
      })}
    </div>
  );
}
