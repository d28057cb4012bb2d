// Yes or no.
import { messages } from "../../messages";
import classes from "./Field.module.css";
import { described, type WidgetProps } from "./widget";

const words = messages.configuration.words;

export function SwitchField({ value, control, onChange }: WidgetProps) {
  return (
    <div className={classes.check}>
      <input
        type="checkbox"
        {...described(control)}
        checked={value === true}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      <span aria-hidden="true">{value === true ? words.on : words.off}</span>
    </div>
  );
}
