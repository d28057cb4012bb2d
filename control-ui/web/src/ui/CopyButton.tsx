// Copies a text and says whether it did.
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { messages } from "../messages";
import { copyText } from "./copy";
import { Icon } from "./Icon";

const words = messages.copy;
/** How long the answer stands on the button, in milliseconds. */
const SAID_MS = 3000;

interface Props {
  /** Asked when the button is pressed. */
  readonly text: () => string;
  readonly label?: string;
}

export function CopyButton({ text, label = words.copy }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => {
      setSaid(null);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="copy" size={16} />}
        onClick={() => {
          void copyText(text()).then((done) => {
            setSaid(done ? words.done : words.failed);
          });
        }}
      >
        {said ?? label}
      </Button>
      <span className="tf-hidden" role="status">
        {said}
      </span>
    </>
  );
}
