// What a run can be given beside: a name, notes, a time to start at.
import { Textarea, TextInput } from "@mantine/core";
import { useId } from "react";
import { zones } from "../configuration/widgets/zones";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { fieldIds, type StartValues } from "./form";
import { momentOf } from "./moment";
import classes from "./Start.module.css";

const words = messages.start;

interface Props {
  readonly values: StartValues;
  readonly problem: string | null;
  readonly onChange: (next: Partial<StartValues>) => void;
}

export function MoreFields({ values, problem, onChange }: Props) {
  const listId = useId();
  const moment = momentOf(values.startAt, values.zone);
  const wrong = values.startAt !== "" && moment === null ? words.startAtWrong : null;

  return (
    <details className={classes.more}>
      <summary>{words.more}</summary>
      <div className={classes.moreFields}>
        <TextInput
          label={words.name}
          description={words.nameHelp}
          autoComplete="off"
          value={values.name}
          onChange={(event) => {
            onChange({ name: event.currentTarget.value });
          }}
        />
        <Textarea
          label={words.notes}
          description={words.notesHelp}
          rows={2}
          autoComplete="off"
          value={values.notes}
          onChange={(event) => {
            onChange({ notes: event.currentTarget.value });
          }}
        />
        <div className={classes.when}>
          <TextInput
            id={fieldIds.startAt}
            type="datetime-local"
            label={words.startAt}
            description={moment === null ? words.startAtHelp : words.startsAt(formatMoment(moment))}
            error={problem ?? wrong}
            value={values.startAt}
            onChange={(event) => {
              onChange({ startAt: event.currentTarget.value });
            }}
          />
          <TextInput
            label={words.zone}
            list={listId}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={values.zone}
            onChange={(event) => {
              onChange({ zone: event.currentTarget.value });
            }}
          />
          <datalist id={listId}>
            {zones().map(({ name, offset }) => (
              <option key={name} value={name} label={offset} />
            ))}
          </datalist>
        </div>
      </div>
    </details>
  );
}
