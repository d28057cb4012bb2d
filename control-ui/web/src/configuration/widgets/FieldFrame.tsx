// What every field has around its control: label, where its value comes from, help, and what is wrong with it.
import { useId, type ReactNode } from "react";
import { HelpText } from "../../ui/HelpText";
import { Icon } from "../../ui/Icon";
import type { Field } from "../fields";
import classes from "./Field.module.css";

/** What the control must carry so that it is named and described. */
export interface Control {
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

interface Props {
  readonly field: Field;
  /** Several controls under one name: the frame itself is the group and takes the focus. */
  readonly group: boolean;
  readonly own: boolean;
  readonly origin: ReactNode;
  readonly problem: string | null;
  readonly children: (control: Control) => ReactNode;
}

export function FieldFrame({ field, group, own, origin, problem, children }: Props) {
  const ownId = useId();
  const labelId = `${ownId}-label`;
  const helpId = `${ownId}-help`;
  const problemId = `${ownId}-problem`;
  const described = [problem !== null && problemId, field.help !== null && helpId].filter(Boolean).join(" ");
  const describedBy = described === "" ? undefined : described;
  const inside = (
    <>
      <div className={classes.head}>
        {group ? (
          <span id={labelId} className={classes.label}>
            {field.title}
          </span>
        ) : (
          <label id={labelId} htmlFor={field.id} className={classes.label}>
            {field.title}
          </label>
        )}
        <span className={classes.origin}>{origin}</span>
      </div>
      {children({ id: field.id, labelId, describedBy: group ? undefined : describedBy, invalid: problem !== null })}
      {problem !== null && (
        <p id={problemId} className={classes.problem}>
          <Icon name="warning" size={14} />
          <span>{problem}</span>
        </p>
      )}
      {field.help !== null && (
        <p id={helpId} className={classes.help}>
          <HelpText text={field.help} />
        </p>
      )}
    </>
  );
  const shared = { className: classes.field, "data-own": own ? "" : undefined };
  return group ? (
    <div {...shared} role="group" id={field.id} tabIndex={-1} aria-labelledby={labelId} aria-describedby={describedBy}>
      {inside}
    </div>
  ) : (
    <div {...shared}>{inside}</div>
  );
}
