// Name and notes of a run, for people.
import { Button, Textarea, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { useEdit } from "../api/runs";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { Failure } from "../settings/Failure";
import settings from "../settings/Settings.module.css";
import { Card } from "../ui/Card";

const words = messages.run;

interface Props {
  readonly run: RunView;
}

export function NotesCard({ run }: Props) {
  const edit = useEdit(run.id);
  /** What was typed; null while it is what the server has. */
  const [name, setName] = useState<string | null>(null);
  const [notes, setNotes] = useState<string | null>(null);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (edit.isPending) return;
    edit.mutate(
      { name: name ?? run.name, notes: notes ?? run.notes, revision: run.revision },
      {
        onSuccess: () => {
          setName(null);
          setNotes(null);
        },
      },
    );
  };
  return (
    <Card title={words.notesTitle}>
      <form onSubmit={submit} noValidate className={settings.form}>
        <Failure error={edit.error} />
        <TextInput
          label={words.name}
          value={name ?? run.name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Textarea
          label={words.notes}
          description={words.notesHelp}
          rows={3}
          value={notes ?? run.notes}
          onChange={(event) => {
            setNotes(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" aria-disabled={edit.isPending}>
          {edit.isPending ? words.saving : words.save}
        </Button>
        <p className="tf-muted" role="status">
          {edit.isSuccess && name === null && notes === null ? words.saved : ""}
        </p>
      </form>
    </Card>
  );
}
