// A secret: it can be set, replaced and removed, and is never shown.
import { Button } from "@mantine/core";
import { useState } from "react";
import { messages } from "../../messages";
import { SecretInput } from "../../ui/SecretInput";
import type { Field } from "../fields";
import type { SecretState } from "../types";
import { originWord } from "../words";
import classes from "./Field.module.css";
import type { Control } from "./FieldFrame";
import { focusSoon } from "./rows";

const words = messages.configuration.field;

interface Props {
  readonly field: Field;
  readonly control: Control;
  readonly kept: SecretState;
  /** Undefined: the kept one stays; null: it is taken away. */
  readonly typed: string | null | undefined;
  readonly onChange: (typed: string | null | undefined) => void;
}

export function SecretField({ field, control, kept, typed, onChange }: Props) {
  const [asked, setAsked] = useState(false);
  const inputId = `${control.id}-new`;
  const entering = asked || (typed !== undefined && typed !== null);
  const enter = () => {
    setAsked(true);
    focusSoon(inputId);
  };
  const back = () => {
    setAsked(false);
    onChange(undefined);
    focusSoon(control.id);
  };
  if (entering) {
    return (
      <div className={classes.secret}>
        <SecretInput
          id={inputId}
          className={classes.wide}
          aria-label={words.newSecret(field.title)}
          description={words.secretNew}
          error={control.invalid}
          autoComplete="off"
          data-1p-ignore
          data-lpignore="true"
          value={typed ?? ""}
          onChange={(event) => {
            onChange(event.currentTarget.value.trim() === "" ? undefined : event.currentTarget.value.trim());
          }}
        />
        <Button variant="default" size="xs" onClick={back}>
          {kept.set ? words.keepSecret : messages.configuration.transfer.cancel}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.secret}>
      <p>
        {typed === null ? words.secretRemoved : stateWord(kept)}{" "}
        {kept.set && kept.origin !== null && kept.origin.kind !== "you" && typed !== null && (
          <span className={classes.origin}>{words.secretFrom(originWord(kept.origin))}</span>
        )}
      </p>
      {typed === null ? (
        <Button variant="default" size="xs" onClick={back}>
          {words.keepSecret}
        </Button>
      ) : (
        <Button variant="default" size="xs" onClick={enter}>
          {kept.set ? words.replace : words.enter}
        </Button>
      )}
      {typed === undefined && kept.set && (kept.origin === null || kept.origin.kind === "you") && (
        <Button
          variant="subtle"
          size="xs"
          onClick={() => {
            onChange(null);
            focusSoon(control.id);
          }}
        >
          {words.removeSecret}
        </Button>
      )}
    </div>
  );
}

function stateWord(kept: SecretState): string {
  if (!kept.set) return words.secretNotSet;
  return kept.last4 === null ? words.secretSetOnly : words.secretSet(kept.last4);
}
