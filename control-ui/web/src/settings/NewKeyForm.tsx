// What a new key is called, what it may do, and for how long.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import type { AccessKey, NewKey } from "../api/access";
import { messages } from "../messages";
import { Choices } from "../ui/Choices";
import { Failure } from "./Failure";
import classes from "./Settings.module.css";

const words = messages.settings.keys;

interface Props {
  readonly error: Error | null;
  readonly pending: boolean;
  readonly onMake: (key: NewKey) => void;
}

export function NewKeyForm({ error, pending, onMake }: Props) {
  const [name, setName] = useState("");
  const [empty, setEmpty] = useState(false);
  const [scope, setScope] = useState<AccessKey["scope"]>("read_only");
  const [days, setDays] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setEmpty(name.trim() === "");
    if (name.trim() === "" || pending) return;
    onMake({ name: name.trim(), scope, expires_in_days: days === "" ? null : Number(days) });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className={classes.form}>
      <Failure error={error} />
      <TextInput
        label={words.name}
        description={words.nameHelp}
        error={empty ? words.nameEmpty : null}
        aria-invalid={empty}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setEmpty(false);
        }}
      />
      <Choices
        legend={words.scope}
        value={scope}
        onChange={setScope}
        choices={(["read_only", "full"] as const).map((value) => ({
          value,
          title: words.scopes[value],
          help: words.scopeHelp[value],
        }))}
      />
      <NativeSelect
        label={words.life}
        value={days}
        onChange={(event) => {
          setDays(event.currentTarget.value);
        }}
        data={words.lives.map(({ days: life, word }) => ({ value: life === null ? "" : String(life), label: word }))}
      />
      <Button type="submit" aria-disabled={pending}>
        {pending ? words.pending : words.submit}
      </Button>
    </form>
  );
}
