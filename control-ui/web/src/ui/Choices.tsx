// A few choices that exclude one another, under a legend.
import { useId } from "react";
import classes from "./Choices.module.css";
import { Option, Options } from "./Option";

interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly aside?: string;
  readonly help: string;
}

interface Props<Value extends string> {
  readonly legend: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

export function Choices<Value extends string>({ legend, value, choices, onChange }: Props<Value>) {
  const group = useId();
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      <Options twoColumns>
        {choices.map((choice) => (
          <Option
            key={choice.value}
            {...choice}
            group={group}
            checked={choice.value === value}
            onChoose={() => {
              onChange(choice.value);
            }}
          />
        ))}
      </Options>
    </fieldset>
  );
}
