// One setting: its frame, the control that suits it, and the way back to what stands below the draft.
import { messages } from "../messages";
import { ChoiceField, CHOICES_SHOWN } from "./widgets/ChoiceField";
import { FieldFrame, type Control } from "./widgets/FieldFrame";
import { HoursField } from "./widgets/HoursField";
import { LinesField } from "./widgets/LinesField";
import { ListField } from "./widgets/ListField";
import { focusSoon } from "./widgets/rows";
import { SecretField } from "./widgets/SecretField";
import { SwitchField } from "./widgets/SwitchField";
import { TableField } from "./widgets/TableField";
import { TextField } from "./widgets/TextField";
import type { WidgetProps } from "./widgets/widget";
import type { Field } from "./fields";
import type { EffectiveValue, Json, SecretState } from "./types";
import { originWord, valueWord } from "./words";

const words = messages.configuration;

export interface SettingProps {
  readonly field: Field;
  /** What the draft sets; undefined when it leaves the setting alone. */
  readonly own: Json | undefined;
  /** What is in force when the draft leaves the setting alone; undefined until that is known. */
  readonly below: EffectiveValue | undefined;
  readonly problem: string | null;
  readonly problemAt: (inner: string) => string | null;
  readonly secret: { readonly kept: SecretState; readonly typed: string | null | undefined };
  readonly onSet: (pointer: string, value: Json | undefined) => void;
  readonly onSecret: (pointer: string, value: string | null | undefined) => void;
}

function isGroup(field: Field): boolean {
  if (field.widget === "choice") return field.choices.length <= CHOICES_SHOWN;
  return ["list", "table", "hours", "secret"].includes(field.widget);
}

export function SettingField(props: SettingProps) {
  const { field, own, below, problem } = props;
  const isOwn = field.widget === "secret" ? props.secret.typed !== undefined : own !== undefined;
  return (
    <FieldFrame
      field={field}
      group={isGroup(field)}
      own={isOwn}
      origin={field.widget !== "secret" && <OriginNote {...props} />}
      problem={problem}
    >
      {(control) =>
        field.widget === "secret" ? (
          <SecretField
            field={field}
            control={control}
            kept={props.secret.kept}
            typed={props.secret.typed}
            onChange={(typed) => {
              props.onSecret(field.pointer, typed);
            }}
          />
        ) : (
          <Widget setting={props} control={control} below={below?.value} />
        )
      }
    </FieldFrame>
  );
}

interface WidgetChoice {
  readonly setting: SettingProps;
  readonly control: Control;
  readonly below: Json | undefined;
}

function Widget({ setting, control, below }: WidgetChoice) {
  const { field, own, onSet, problemAt } = setting;
  const given: WidgetProps = {
    field,
    value: own ?? below,
    control,
    problemAt,
    onChange: (value) => {
      onSet(field.pointer, value);
    },
  };
  switch (field.widget) {
    case "choice":
      return <ChoiceField {...given} />;
    case "switch":
      return <SwitchField {...given} />;
    case "lines":
      return <LinesField {...given} />;
    case "list":
      return <ListField {...given} />;
    case "table":
      return <TableField {...given} />;
    case "hours":
      return <HoursField {...given} />;
    default:
      return <TextField {...given} below={below} />;
  }
}

function OriginNote({ field, own, below, onSet }: SettingProps) {
  if (below === undefined) return null;
  const origin = originWord(below.origin);
  if (own === undefined) return origin;
  return (
    <>
      {words.origins.you} ·{" "}
      <button
        type="button"
        onClick={() => {
          onSet(field.pointer, undefined);
          focusSoon(field.id);
        }}
      >
        {words.reset(shortened(valueWord(field, below.value)), origin)}
      </button>
    </>
  );
}

/** How much of a value fits on a button. */
const SHORT = 32;

function shortened(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}
