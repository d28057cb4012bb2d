// The place of the toast. It stays until it is dismissed or replaced, because a person may need time to read it, and
// its Undo takes the focus, because the control that was pressed goes.
import { Button } from "@mantine/core";
import { messages } from "../messages";
import { Icon } from "./Icon";
import classes from "./Toasts.module.css";
import { hideToast, KEEPS_FOCUS, useToast } from "./toasts";

const words = messages.toast;

/** The control that was pressed is about to go; whoever is typing is left alone. */
function focusUnlessTyping(element: HTMLElement | null): void {
  if (document.activeElement?.matches("input, textarea, select") !== true) element?.focus();
}

export function Toasts() {
  const toast = useToast();
  return (
    <section
      {...{ [KEEPS_FOCUS]: "" }}
      className={classes.place}
      aria-label={words.label}
      data-none={toast === null ? "" : undefined}
    >
      <p className={classes.text} role="status">
        {toast?.text}
      </p>
      {toast?.undo && (
        <Button
          key={toast.text}
          ref={focusUnlessTyping}
          size="xs"
          variant="default"
          onClick={() => {
            toast.undo?.();
            hideToast();
          }}
        >
          {words.undo}
        </Button>
      )}
      {toast && (
        <button type="button" className={classes.close} onClick={hideToast} aria-label={words.dismiss}>
          <Icon name="close" size={16} />
        </button>
      )}
    </section>
  );
}
