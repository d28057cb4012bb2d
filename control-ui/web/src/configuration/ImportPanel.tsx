// A file read into the draft: what it would change first, then the choice.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { configurationApi } from "./api";
import { ChangeList } from "./ChangeList";
import classes from "./Configuration.module.css";
import { overlaid } from "./draft";
import type { Field } from "./fields";
import { textOfFile } from "./file";
import { FileButton } from "./FileButton";
import { problemText } from "./problems";
import { useChanges } from "./queries";
import type { Converted, Document, JsonObject } from "./types";

const words = messages.configuration.transfer;

/** What files may be called; an `.env` has no ending that browsers know. */
const ACCEPT = ".toml,.json,.env,.txt,text/plain,application/json";

interface Props {
  readonly document: Document;
  readonly fields: readonly Field[];
  readonly onTake: (config: JsonObject, name: string) => void;
}

export function ImportPanel({ document, fields, onTake }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const reading = useMutation({
    mutationFn: async (file: File) => {
      const read = await textOfFile(file);
      if ("problem" in read) {
        setProblem(read.problem);
        return null;
      }
      setProblem(null);
      return { name: file.name, found: await configurationApi.readText(read.text, "auto") };
    },
  });
  const close = () => {
    reading.reset();
  };
  return (
    <div className={classes.save}>
      <p className="tf-muted">{words.importHelp}</p>
      <div>
        <FileButton
          label={words.choose}
          accept={ACCEPT}
          onFile={(file) => {
            reading.mutate(file);
          }}
        />
      </div>
      {problem !== null && (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
      {reading.error && (
        <Notice tone="bad" alert>
          {reading.error.message}
        </Notice>
      )}
      {reading.data && (
        <Preview
          {...reading.data}
          document={document}
          fields={fields}
          onCancel={close}
          onTake={(config) => {
            onTake(config, reading.data?.name ?? "");
            close();
          }}
        />
      )}
    </div>
  );
}

interface PreviewProps {
  readonly name: string;
  readonly found: Converted;
  readonly document: Document;
  readonly fields: readonly Field[];
  readonly onTake: (config: JsonObject) => void;
  readonly onCancel: () => void;
}

function Preview({ name, found, document, fields, onTake, onCancel }: PreviewProps) {
  const [replaces, setReplaces] = useState(false);
  const config = replaces ? found.config : overlaid(document.config, found.config, fields);
  const changes = useChanges({ document }, { document: { preset: document.preset, config } }, true);
  const choices = [
    { value: false, title: words.onTop, help: words.onTopHelp },
    { value: true, title: words.replace, help: words.replaceHelp },
  ];
  return (
    <section className={classes.save} aria-label={words.preview(name)}>
      <h3>{words.preview(name)}</h3>
      {found.secrets_removed && <Notice tone="warn">{words.secretsRemoved}</Notice>}
      {found.problems.length > 0 && (
        <Notice tone="warn" title={words.problems}>
          <ul className={classes.list}>
            {found.problems.map((one) => (
              <li key={one.pointer + one.code + one.message}>{problemText(one)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <fieldset className={classes.choices}>
        <legend className="tf-hidden">{words.import}</legend>
        {choices.map(({ value, title, help }) => (
          <label key={title}>
            <input
              type="radio"
              name="import-mode"
              checked={replaces === value}
              onChange={() => {
                setReplaces(value);
              }}
            />
            <span>
              {title}
              <small>{help}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {changes.error && <Notice tone="bad">{changes.error.message}</Notice>}
      {changes.data?.length === 0 && <p className="tf-muted">{words.nothing}</p>}
      {changes.data && <ChangeList changes={changes.data} fields={fields} />}
      <div className={classes.buttons}>
        <Button
          variant="default"
          onClick={() => {
            onTake(config);
          }}
        >
          {words.take}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </section>
  );
}
