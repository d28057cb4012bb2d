// One choice of a radio group, drawn as a row: native input, title, figure on the right, help below.
import { useId } from "react";
import classes from "./Start.module.css";

interface Props {
  readonly group: string;
  readonly value: string;
  readonly checked: boolean;
  readonly title: string;
  readonly aside?: string;
  readonly help: string;
  readonly onChoose: () => void;
}

export function Option({ group, value, checked, title, aside, help, onChoose }: Props) {
  const id = useId();
  return (
    <label className={classes.option} htmlFor={id}>
      <input
        type="radio"
        id={id}
        name={group}
        value={value}
        checked={checked}
        onChange={onChoose}
        aria-describedby={`${id}-help`}
      />
      <span className={classes.optionTitle}>
        <span>{title}</span>
        {aside !== undefined && <span className={classes.optionAside}>{aside}</span>}
      </span>
      <span className={classes.optionHelp} id={`${id}-help`}>
        {help}
      </span>
    </label>
  );
}
