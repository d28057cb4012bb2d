// The choice of a preset: name, rate, what it is for.
import type { Preset } from "../api/types";
import { formatCount } from "../format";
import { messages } from "../messages";
import { Option, Options } from "../ui/Option";
import { fieldIds } from "./form";
import classes from "./Start.module.css";

interface Props {
  readonly presets: readonly Preset[];
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (name: string) => void;
}

export function PresetPicker({ presets, value, problem, onChange }: Props) {
  const problemId = `${fieldIds.preset}-problem`;
  return (
    <fieldset
      className={classes.group}
      id={fieldIds.preset}
      tabIndex={-1}
      aria-describedby={problem === null ? undefined : problemId}
    >
      <legend>{messages.start.presets}</legend>
      <Options twoColumns>
        {presets.map((preset) => (
          <Option
            key={preset.id}
            group="preset"
            value={preset.id}
            checked={preset.id === value}
            title={preset.title}
            aside={messages.start.presetRate(formatCount(preset.visits_per_day))}
            help={preset.description}
            onChoose={() => {
              onChange(preset.id);
            }}
          />
        ))}
      </Options>
      {problem !== null && (
        <p id={problemId} className="tf-problem">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
