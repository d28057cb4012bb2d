// A few choices that exclude one another, each with a line of help.
import { useId } from "react";
import classes from "./Choices.module.css";

interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly help: string;
}

interface Props<Value extends string> {
  readonly legend: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

export function Choices<Value extends string>({ legend, value, choices, onChange }: Props<Value>) {
  const id = useId();
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={classes.choice} htmlFor={`${id}-${choice.value}`}>
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            name={id}
            checked={choice.value === value}
            onChange={() => {
              onChange(choice.value);
            }}
            aria-describedby={`${id}-${choice.value}-help`}
          />
          <span>{choice.title}</span>
          <span className={classes.help} id={`${id}-${choice.value}-help`}>
            {choice.help}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
