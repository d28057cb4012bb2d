// What differs between two sides, setting by setting.
import { messages } from "../messages";
import classes from "./Configuration.module.css";
import { fieldAt, type Field } from "./fields";
import type { Change, Json } from "./types";
import { plainWord, valueWord } from "./words";

const words = messages.configuration.changes;

interface Props {
  readonly changes: readonly Change[];
  readonly fields: readonly Field[];
  /** Further lines, such as about secrets. */
  readonly notes?: readonly string[];
}

export function ChangeList({ changes, fields, notes = [] }: Props) {
  return (
    <ul className={classes.changes}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
      {changes.map((change) => {
        const word = (value: Json) => {
          const field = fieldAt(fields, change.pointer);
          return field?.pointer === change.pointer ? valueWord(field, value) : plainWord(value, change.unit);
        };
        return (
          <li key={change.pointer}>
            <span className={classes.changeTitle}>{change.title}</span>
            <span>
              <del>
                <span className="tf-hidden">{words.was} </span>
                {word(change.from)}
              </del>{" "}
              <span aria-hidden="true">→</span> <ins>{word(change.to)}</ins>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
