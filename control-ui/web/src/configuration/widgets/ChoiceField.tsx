// One of a few, each with its help; many become a list that opens.
import { NativeSelect } from "@mantine/core";
import { HelpText } from "../../ui/HelpText";
import { Option, Options } from "../../ui/Option";
import { same } from "../json";
import { shown } from "../text";
import { describedInput, type WidgetProps } from "./widget";

/** How many choices are shown at once. */
export const CHOICES_SHOWN = 4;

export function ChoiceField({ field, value, control, onChange }: WidgetProps) {
  const choices = field.choices.map(({ value: choice, help }) => ({ choice, help, text: shown(field, choice) }));
  if (choices.length > CHOICES_SHOWN) {
    const known = choices.some(({ choice }) => same(choice, value));
    const data = choices.map(({ text }) => text);
    return (
      <NativeSelect
        {...describedInput(control)}
        data={known ? data : [shown(field, value), ...data]}
        value={shown(field, value)}
        onChange={(event) => {
          onChange(choices.find(({ text }) => text === event.currentTarget.value)?.choice);
        }}
      />
    );
  }
  return (
    <Options>
      {choices.map(({ choice, help, text }) => (
        <Option
          key={text}
          id={`${control.id}-${text}`}
          group={control.id}
          value={text}
          checked={same(choice, value)}
          title={text}
          help={help === null ? null : <HelpText text={help} />}
          onChoose={() => {
            onChange(choice);
          }}
        />
      ))}
    </Options>
  );
}
