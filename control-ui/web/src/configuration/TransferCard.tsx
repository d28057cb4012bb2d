// Files: a configuration comes in, or goes out.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { configurationApi } from "./api";
import classes from "./Configuration.module.css";
import type { Field } from "./fields";
import { download } from "./file";
import { ImportPanel } from "./ImportPanel";
import type { Document, JsonObject, TextFormat } from "./types";

const words = messages.configuration.transfer;

const files: readonly { readonly format: TextFormat; readonly name: string; readonly word: string }[] = [
  { format: "toml", name: "trafficinator.toml", word: "TOML" },
  { format: "json", name: "trafficinator.json", word: "JSON" },
  { format: "env", name: "trafficinator.env", word: ".env" },
];

interface Props {
  readonly document: Document;
  readonly fields: readonly Field[];
  readonly onTake: (config: JsonObject, name: string) => void;
}

export function TransferCard({ document, fields, onTake }: Props) {
  const writing = useMutation({
    mutationFn: async ({ format, name }: { format: TextFormat; name: string }) => {
      const { text } = await configurationApi.writeText(document.config, format);
      download(name, text);
    },
  });
  return (
    <details className={classes.transfer}>
      <summary>{words.title}</summary>
      <div className={classes.save}>
        <h3>{words.import}</h3>
        <ImportPanel document={document} fields={fields} onTake={onTake} />
        <h3>{words.export}</h3>
        <p className="tf-muted">{words.exportHelp}</p>
        <div className={classes.buttons}>
          {files.map(({ format, name, word }) => (
            <Button
              key={format}
              variant="default"
              size="xs"
              onClick={() => {
                writing.mutate({ format, name });
              }}
            >
              {words.download(word)}
            </Button>
          ))}
        </div>
        {writing.error && <Notice tone="bad">{writing.error.message}</Notice>}
      </div>
    </details>
  );
}
