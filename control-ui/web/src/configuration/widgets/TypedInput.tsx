// A text input for a value of some type. While a person types, the input shows what was typed; the value follows.
import { Input, type InputProps } from "@mantine/core";
import { useState, type ComponentPropsWithoutRef } from "react";
import type { Field } from "../fields";
import { read, shown } from "../text";
import type { Json } from "../types";

type Native = Omit<ComponentPropsWithoutRef<"input">, "value" | "onChange" | "onBlur" | "size">;

interface Props extends Native {
  readonly field: Pick<Field, "widget">;
  readonly value: Json | undefined;
  readonly onValue: (value: Json | undefined) => void;
  readonly wrapperClass?: string | undefined;
  readonly inputProps?: InputProps;
}

export function TypedInput({ field, value, onValue, wrapperClass, inputProps, ...native }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const invalid = native["aria-invalid"] !== undefined;
  return (
    <div className={wrapperClass}>
      <Input
        {...inputProps}
        {...native}
        // Mantine takes the description from a wrapper of its own, and takes it away where there is none.
        attributes={{ input: { "aria-describedby": native["aria-describedby"] } }}
        error={invalid}
        value={typed ?? shown(field, value)}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
          const text = event.currentTarget.value;
          setTyped(text);
          onValue(read(field, text));
        }}
        onBlur={() => {
          setTyped(null);
        }}
      />
    </div>
  );
}
