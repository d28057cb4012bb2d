// The choice between a trial and a full run.
import { messages } from "../messages";
import type { Size } from "./form";
import { Option } from "./Option";
import classes from "./Start.module.css";

const words = messages.start;

export function SizePicker({ value, onChange }: { readonly value: Size; readonly onChange: (size: Size) => void }) {
  const choices = [
    { size: "trial", title: words.trial, help: words.trialHelp },
    { size: "full", title: words.full, help: words.fullHelp },
  ] as const;
  return (
    <fieldset className={classes.group}>
      <legend>{words.size}</legend>
      <div className={classes.options}>
        {choices.map(({ size, title, help }) => (
          <Option
            key={size}
            group="size"
            value={size}
            checked={size === value}
            title={title}
            help={help}
            onChoose={() => {
              onChange(size);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
