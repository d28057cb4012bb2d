// A preset from a file.
import { useState } from "react";
import { textOfFile } from "../configuration/file";
import { FileButton } from "../configuration/FileButton";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Notice } from "../ui/Notice";
import classes from "./Presets.module.css";
import type { PresetActions } from "./usePresetActions";

const words = messages.presets;

export function ImportCard({ actions }: { readonly actions: PresetActions }) {
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File) => {
    const read = await textOfFile(file);
    setProblem("problem" in read ? read.problem : null);
    if ("text" in read) await actions.importText(read.text, file.name.replace(/\.[a-z]+$/i, "") || undefined);
  };
  return (
    <Card title={words.importTitle}>
      <div className={classes.card}>
        <p className="tf-muted">{words.importHelp}</p>
        <div>
          <FileButton
            label={words.choose}
            accept=".toml,.json,.env,.txt,text/plain,application/json"
            onFile={(file) => void take(file)}
          />
        </div>
        {problem !== null && (
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        )}
      </div>
    </Card>
  );
}
