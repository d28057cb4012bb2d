// What was just done with the draft.
import { Button } from "@mantine/core";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import classes from "./Configuration.module.css";
import type { Draft } from "./draft";

const words = messages.configuration;

interface Props {
  readonly saved: boolean;
  /** The draft that was thrown away, while it can be brought back. */
  readonly discarded: Draft | null;
  /** The file that was taken over. */
  readonly taken: string | null;
  readonly onUndo: (old: Draft) => void;
}

export function DoneNotice({ saved, discarded, taken, onUndo }: Props) {
  if (discarded) {
    return (
      <Notice tone="info" alert>
        <div className={classes.row}>
          <p>{words.actions.discarded}</p>
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              onUndo(discarded);
            }}
          >
            {words.actions.undo}
          </Button>
        </div>
      </Notice>
    );
  }
  if (taken !== null) return <Notice tone="info">{words.transfer.taken(taken)}</Notice>;
  if (!saved) return null;
  return (
    <Notice tone="good" alert>
      <p>
        {words.actions.saved} {words.actions.savedNote}
      </p>
    </Notice>
  );
}
