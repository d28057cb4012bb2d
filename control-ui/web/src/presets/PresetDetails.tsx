// Name and description, of a new preset or of one that there is.
import { Button, Textarea, TextInput } from "@mantine/core";
import { useId, useState, type SyntheticEvent } from "react";
import { messages } from "../messages";
import classes from "./Presets.module.css";
import type { Preset } from "./types";

const words = messages.presets;

interface Props {
  /** Undefined: a new one. */
  readonly preset?: Pick<Preset, "title" | "description">;
  readonly onSave: (title: string, description: string) => void;
  readonly onCancel?: () => void;
}

export function PresetDetails({ preset, onSave, onCancel }: Props) {
  const [title, setTitle] = useState(preset?.title ?? "");
  const [description, setDescription] = useState(preset?.description ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const titleId = useId();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (title.trim() === "") {
      setProblem(words.nameMissing);
      document.getElementById(titleId)?.focus();
      return;
    }
    onSave(title.trim(), description.trim());
    if (!preset) {
      setTitle("");
      setDescription("");
    }
  };
  return (
    <form className={classes.details} onSubmit={submit} noValidate>
      <TextInput
        id={titleId}
        label={words.name}
        error={problem}
        autoComplete="off"
        value={title}
        onChange={(event) => {
          setTitle(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <Textarea
        label={words.description}
        rows={2}
        autoComplete="off"
        value={description}
        onChange={(event) => {
          setDescription(event.currentTarget.value);
        }}
      />
      <div className={classes.buttons}>
        <Button type="submit" variant="default">
          {preset ? words.keep : words.save}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {words.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}
