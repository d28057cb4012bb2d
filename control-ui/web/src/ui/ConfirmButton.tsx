// A button for what cannot be taken back: the first press says what will be lost, the second one does it.
import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { messages } from "../messages";
import classes from "./ConfirmButton.module.css";
import { Icon, type IconName } from "./Icon";

interface Props {
  readonly label: string;
  /** Completes the label for somebody who does not see the row that it stands in. */
  readonly about?: string | undefined;
  readonly icon: IconName;
  /** What will be lost. */
  readonly warning: string;
  readonly confirm: string;
  readonly pending?: boolean;
  readonly onConfirm: () => void;
}

export function ConfirmButton({ label, about, icon, warning, confirm, pending = false, onConfirm }: Props) {
  const [asking, setAsking] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const leave = () => {
    setAsking(false);
    requestAnimationFrame(() => first.current?.focus());
  };
  if (!asking) {
    return (
      <Button
        ref={first}
        variant="default"
        size="xs"
        leftSection={<Icon name={icon} size={16} />}
        onClick={() => {
          setAsking(true);
        }}
      >
        {label}
        {about !== undefined && <span className="tf-hidden"> {about}</span>}
      </Button>
    );
  }
  return (
    <span className={classes.question} role="group" aria-label={label}>
      <span>{warning}</span>
      <Button
        // The question replaces the button that had the focus.
        ref={(button) => button?.focus()}
        size="xs"
        color="red"
        aria-disabled={pending}
        onClick={() => {
          if (pending) return;
          setAsking(false);
          onConfirm();
        }}
      >
        {confirm}
      </Button>
      <Button variant="default" size="xs" onClick={leave}>
        {messages.keep}
      </Button>
    </span>
  );
}
