// The way in: explains how to get a link, and takes an API key.
import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { messages } from "../messages";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { SecretInput } from "../ui/SecretInput";
import classes from "./SignIn.module.css";

const words = messages.session;

interface Props {
  readonly notice: string | null;
  readonly problem: string | null;
  readonly pending: boolean;
  readonly onKey: (key: string) => void;
}

export function SignIn({ notice, problem, pending, onKey }: Props) {
  const [key, setKey] = useState("");
  const [empty, setEmpty] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setEmpty(key.trim() === "");
    if (key.trim() !== "") onKey(key.trim());
  };
  return (
    <main className={classes.main} id="main">
      <div className={classes.card}>
        <p className={classes.product}>
          <Icon name="pulse" size={20} /> {messages.product}
        </p>
        <Title order={1}>{words.title}</Title>
        <Text c="dimmed">{words.lead}</Text>
        {notice !== null && (
          <Notice tone="warn" alert>
            {notice}
          </Notice>
        )}
        <Title order={2}>{words.linkTitle}</Title>
        <Text>{words.link}</Text>
        <Stack gap="xs" className={classes.commands}>
          <Code block>{words.command}</Code>
          <Text c="dimmed">{words.or}</Text>
          <Code block>{words.commandDocker}</Code>
        </Stack>
        <Title order={2}>{words.keyTitle}</Title>
        <form onSubmit={submit} noValidate>
          <SecretInput
            label={words.key}
            description={words.keyHelp}
            error={empty ? words.empty : problem}
            errorProps={{ role: "alert" }}
            autoComplete="current-password"
            name="key"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
              setEmpty(false);
            }}
          />
          <Button type="submit" loading={pending} className={classes.submit}>
            {words.submit}
          </Button>
        </form>
      </div>
    </main>
  );
}
