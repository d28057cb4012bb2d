// A few choices that exclude one another, drawn as rows: native input, title, figure on the right, help below.
import { useId, type ReactNode } from "react";
import classes from "./Option.module.css";

interface OptionsProps {
  readonly children: ReactNode;
  /** Two beside each other where there is room; the container is the nearest one that has a size of its own. */
  readonly twoColumns?: boolean;
}

export function Options({ children, twoColumns = false }: OptionsProps) {
  return (
    <div className={classes.options} data-two={twoColumns ? "" : undefined}>
      {children}
    </div>
  );
}

interface Props {
  readonly id?: string;
  readonly group: string;
  readonly value: string;
  readonly checked: boolean;
  readonly title: string;
  readonly aside?: string;
  readonly help: ReactNode;
  readonly onChoose: () => void;
}

export function Option({ id: givenId, group, value, checked, title, aside, help, onChoose }: Props) {
  const ownId = useId();
  const id = givenId ?? ownId;
  return (
    <label className={classes.option} htmlFor={id}>
      <input
        type="radio"
        id={id}
        name={group}
        value={value}
        checked={checked}
        onChange={onChoose}
        aria-describedby={help === null ? undefined : `${id}-help`}
      />
      <span className={classes.title}>
        <span>{title}</span>
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </span>
      {help !== null && (
        <span className={classes.help} id={`${id}-help`}>
          {help}
        </span>
      )}
    </label>
  );
}
