// What saving would change, and the buttons for it.
import { Button } from "@mantine/core";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { ChangeList } from "./ChangeList";
import classes from "./Configuration.module.css";
import type { Field } from "./fields";
import { useChanges } from "./queries";
import type { Editor } from "./useEditor";

const words = messages.configuration;

interface Props {
  readonly editor: Editor;
  readonly fields: readonly Field[];
  readonly onDiscard: () => void;
}

export function SaveCard({ editor, fields, onDiscard }: Props) {
  const { draft, changed, save } = editor;
  const document = { preset: draft.preset, config: draft.config };
  const changes = useChanges({ configuration: true }, { document }, changed);
  const notes = fields.flatMap((field) => {
    const typed = draft.secrets[field.pointer];
    if (typed === undefined) return [];
    return [typed === null ? words.changes.secretRemoved(field.title) : words.changes.secretSet(field.title)];
  });
  const found = (changes.data ?? []).filter(({ pointer }) => draft.secrets[pointer] === undefined);
  const count = found.length + notes.length;
  return (
    <Card title={words.changes.title}>
      <div className={classes.save}>
        {!changed && <p className="tf-muted">{words.changes.none}</p>}
        {changed && changes.isPending && <p className="tf-muted">{words.changes.loading}</p>}
        {changed && changes.isError && <p className="tf-muted">{changes.error.message}</p>}
        {changed && changes.data && (
          <>
            <p className="tf-muted" role="status">
              {count === 0 ? words.changes.same : words.changes.count(count)}
            </p>
            <ChangeList changes={found} fields={fields} notes={notes} />
          </>
        )}
        <SaveButtons save={save} changed={changed} onDiscard={onDiscard} />
      </div>
    </Card>
  );
}

interface ButtonProps {
  readonly save: Editor["save"];
  readonly changed: boolean;
  readonly onDiscard: () => void;
}

export function SaveButtons({ save, changed, onDiscard }: ButtonProps) {
  if (!changed) return null;
  return (
    <div className={classes.buttons}>
      <Button
        aria-disabled={save.isPending}
        onClick={() => {
          if (!save.isPending) save.mutate();
        }}
      >
        {save.isPending ? words.actions.saving : words.actions.save}
      </Button>
      <Button variant="default" onClick={onDiscard}>
        {words.actions.discard}
      </Button>
    </div>
  );
}

/** The same within reach where the card is far below. */
export function SaveBar({ editor, onDiscard }: Pick<Props, "editor" | "onDiscard">) {
  if (!editor.changed) return null;
  return (
    <div className={classes.bar}>
      <span>{words.kept.title}</span>
      <SaveButtons save={editor.save} changed onDiscard={onDiscard} />
    </div>
  );
}
