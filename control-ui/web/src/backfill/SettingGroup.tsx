// Settings of the form under one heading, drawn from the schema as on the configuration page.
import type { ReactNode } from "react";
import type { Field } from "../configuration/fields";
import { valueAt } from "../configuration/json";
import { SettingField } from "../configuration/SettingField";
import type { EffectiveValue, Json, JsonObject, SecretState } from "../configuration/types";
import type { PlacedProblem } from "../ui/ProblemLinks";
import classes from "./Backfill.module.css";
import { problemAt } from "./form";

const NO_SECRET: SecretState = { set: false, last4: null, origin: null };

/** What the settings of the form are drawn from and written to. */
export interface Settings {
  readonly fields: readonly Field[];
  readonly set: JsonObject;
  readonly below: ReadonlyMap<string, EffectiveValue> | undefined;
  readonly problems: readonly PlacedProblem[];
  readonly onSet: (pointer: string, value: Json | undefined) => void;
}

interface Props {
  readonly settings: Settings;
  readonly pointers: readonly string[];
  /** Beside each other where there is room. */
  readonly pair?: boolean;
}

export function SettingFields({ settings, pointers, pair = false }: Props) {
  const fields = pointers.flatMap((pointer) => settings.fields.filter((field) => field.pointer === pointer));
  return (
    <div className={pair ? classes.pair : classes.fields}>
      {fields.map((field) => (
        <SettingField
          key={field.pointer}
          field={field}
          own={valueAt(settings.set, field.pointer)}
          below={settings.below?.get(field.pointer)}
          problem={problemAt(settings.problems, field.id)}
          problemAt={() => null}
          secret={{ kept: NO_SECRET, typed: undefined }}
          onSet={settings.onSet}
          onSecret={() => undefined}
        />
      ))}
    </div>
  );
}

/** A part of the form with a heading. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className={classes.part}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
