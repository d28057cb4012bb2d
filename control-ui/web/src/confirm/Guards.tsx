// What ends a run by itself: every setting that can be off, its state in words, and a way to switch it off.
import { valueWord } from "../configuration/words";
import type { Field } from "../configuration/fields";
import type { EffectiveValue, Json } from "../configuration/types";
import { messages } from "../messages";
import { Icon } from "../ui/Icon";
import classes from "./Confirm.module.css";

const words = messages.confirm;

interface Props {
  /** The stop rules. */
  readonly fields: readonly Field[];
  readonly values: readonly EffectiveValue[];
  /** Pointers of those that are switched off for this run. */
  readonly off: ReadonlySet<string>;
  /** Null where the rules are kept elsewhere. */
  readonly onSwitch: ((field: Field, off: boolean) => void) | null;
}

export function Guards({ fields, values, off, onSwitch }: Props) {
  const valueOf = ({ pointer }: Field): Json | undefined => values.find((one) => one.pointer === pointer)?.value;
  const known = fields.filter((field) => valueOf(field) !== undefined);
  if (known.length === 0) return null;
  return (
    <div className={classes.guards}>
      <h3>{words.guards}</h3>
      <ul>
        {known.map((field) => {
          const switched = off.has(field.pointer);
          const isOff = switched || valueOf(field) === field.off;
          return (
            <li key={field.pointer} data-off={isOff ? "" : undefined}>
              <Icon name={isOff ? "ring" : "check"} size={16} />
              <span>
                {field.title}: <strong>{switched ? words.switchedOff : valueWord(field, valueOf(field))}</strong>
              </span>
              {onSwitch && (switched || !isOff) && (
                <button
                  type="button"
                  className="tf-link"
                  aria-label={switched ? words.switchOn(field.title) : words.switchOff(field.title)}
                  onClick={() => {
                    onSwitch(field, !switched);
                  }}
                >
                  {switched ? words.switchOnShort : words.switchOffShort}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
