// Several lines: a certificate, a list of addresses.
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { shown } from "../text";
import classes from "./Field.module.css";
import { describedInput, type WidgetProps } from "./widget";

export function LinesField({ field, value, control, onChange }: WidgetProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Textarea
      {...describedInput(control)}
      error={control.invalid}
      classNames={{ input: classes.text }}
      ff="monospace"
      rows={4}
      spellCheck={false}
      autoCapitalize="none"
      autoComplete="off"
      placeholder={field.example ?? undefined}
      value={typed ?? shown(field, value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(text.trim() === "" ? undefined : text);
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
