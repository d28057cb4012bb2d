// A secret that is shown once: to be copied, then forgotten by the page.
import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { messages } from "../messages";
import { CopyButton } from "../ui/CopyButton";
import { Notice } from "../ui/Notice";
import classes from "./Settings.module.css";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly label: string;
  readonly value: string;
  readonly onDone: () => void;
}

export function OnceShown({ title, text, label, value, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, [value]);
  return (
    <Notice ref={box} tone="good" title={title} alert>
      <p>{text}</p>
      <div className={classes.once}>
        <code className={classes.secret} aria-label={label}>
          {value}
        </code>
        <CopyButton text={() => value} />
        <Button variant="default" size="xs" onClick={onDone}>
          {messages.settings.keys.secretDone}
        </Button>
      </div>
    </Notice>
  );
}
