// What the controls of all fields are given.
import type { Field } from "../fields";
import type { Json } from "../types";
import type { Control } from "./FieldFrame";

export interface WidgetProps {
  readonly field: Field;
  /** The value in force: what the draft sets, else what stands below it. */
  readonly value: Json | undefined;
  readonly control: Control;
  /** Undefined takes the draft's value away. */
  readonly onChange: (value: Json | undefined) => void;
  /** What is wrong at a place inside of the value, such as a row of a table. */
  readonly problemAt: (pointer: string) => string | null;
}

/** What a control carries so that it is named and described. */
export function described({ id, describedBy, invalid }: Control) {
  return { id, "aria-describedby": describedBy, "aria-invalid": invalid ? (true as const) : undefined };
}

/** The same for one of Mantine's inputs, which takes the description from its own wrapper alone. */
export function describedInput(control: Control) {
  return { ...described(control), attributes: { input: { "aria-describedby": control.describedBy } } };
}
