// Asks before a page with unsaved changes is left: within the page by a dialog, otherwise by the browser's own.
import { Button } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { messages } from "../messages";
import { Dialog } from "../ui/Dialog";
import classes from "./Configuration.module.css";

const words = messages.configuration.leave;

interface Props {
  readonly changed: boolean;
  readonly secretsTyped: boolean;
}

export function LeaveGuard({ changed, secretsTyped }: Props) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => changed && current.pathname !== next.pathname,
    enableBeforeUnload: changed,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog title={words.title} onCancel={blocker.reset}>
      <p>
        {words.text} {secretsTyped && words.secrets}
      </p>
      <div className={classes.buttons}>
        <Button onClick={blocker.reset}>{words.stay}</Button>
        <Button variant="default" onClick={blocker.proceed}>
          {words.leave}
        </Button>
      </div>
    </Dialog>
  );
}
