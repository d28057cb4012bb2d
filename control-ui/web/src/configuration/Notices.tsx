// What stands above the form: what could not be saved, what was kept from last time, what somebody else saved.
import { Button } from "@mantine/core";
import type { Ref } from "react";
import { ApiError } from "../api/problem";
import { sentence } from "../format";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { ChangeList } from "./ChangeList";
import classes from "./Configuration.module.css";
import type { Field } from "./fields";
import { ProblemList } from "./ProblemList";
import { useChanges } from "./queries";
import { isConflict, type Editor } from "./useEditor";

const words = messages.configuration;

interface FailureProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly editor: Editor;
  readonly fields: readonly Field[];
}

/** Why the last attempt to save failed; takes the focus. Somebody else's changes are another matter, see below. */
export function SaveFailure({ ref, editor, fields }: FailureProps) {
  const { error } = editor.save;
  if (error === null || isConflict(error)) return null;
  if (editor.refused.length > 0) {
    return (
      <Notice ref={ref} tone="bad" title={words.actions.summary(editor.refused.length)} alert>
        <ProblemList problems={editor.refused} fields={fields} />
      </Notice>
    );
  }
  const unanswered = error instanceof ApiError && error.status === null;
  return (
    <Notice ref={ref} tone="bad" title={unanswered ? undefined : words.actions.failedTitle} alert>
      <p>{sentence(error.message)}</p>
    </Notice>
  );
}

export function KeptNotice({ onDiscard }: { readonly onDiscard: () => void }) {
  return (
    <Notice tone="info" title={words.kept.title}>
      <div className={classes.row}>
        <p>{words.kept.restored}</p>
        <Button variant="default" size="xs" onClick={onDiscard}>
          {words.actions.discard}
        </Button>
      </div>
    </Notice>
  );
}

interface ConflictProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly editor: Editor;
  readonly fields: readonly Field[];
  readonly onTheirs: () => void;
}

/** Somebody else saved since the draft was begun: what they changed, and the choice. */
export function ConflictNotice({ ref, editor, fields, onTheirs }: ConflictProps) {
  const { preset, config } = editor.base;
  const changes = useChanges({ document: { preset, config } }, { configuration: true }, true);
  return (
    <Notice ref={ref} tone="warn" title={words.conflict.title} alert>
      <div className={classes.save}>
        <p>{words.conflict.lead}</p>
        {changes.data && changes.data.length > 0 && <ChangeList changes={changes.data} fields={fields} />}
        {changes.data?.length === 0 && <p>{words.conflict.nothing}</p>}
        <div className={classes.row}>
          <Button variant="default" size="xs" onClick={editor.putOnTop}>
            {words.conflict.onTop}
          </Button>
          <p>{words.conflict.onTopHelp}</p>
        </div>
        <div className={classes.row}>
          <Button variant="default" size="xs" onClick={onTheirs}>
            {words.conflict.theirs}
          </Button>
          <p>{words.conflict.theirsHelp}</p>
        </div>
      </div>
    </Notice>
  );
}
