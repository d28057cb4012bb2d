// The rarer things that can be done with a preset. Those that come with the program cannot be changed.
import { Button } from "@mantine/core";
import { messages } from "../messages";
import { presetsApi } from "./api";
import classes from "./Presets.module.css";
import type { Preset, PresetFormat } from "./types";
import type { PresetActions } from "./usePresetActions";

const words = messages.presets;

const formats: readonly { readonly format: PresetFormat; readonly word: string }[] = [
  { format: "toml", word: "TOML" },
  { format: "json", word: "JSON" },
  { format: "env", word: ".env" },
];

interface Props {
  readonly preset: Preset;
  readonly actions: PresetActions;
  readonly onEdit: () => void;
}

export function PresetMore({ preset, actions, onEdit }: Props) {
  const button = (label: string, onClick: () => void) => (
    <Button variant="subtle" size="xs" aria-label={`${label}: ${preset.title}`} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <details className={classes.more}>
      <summary aria-label={words.actions(preset.title)}>{words.more}</summary>
      <div className={classes.buttons}>
        {!preset.built_in && button(words.rename, onEdit)}
        {button(words.duplicate, () => void actions.duplicate(preset))}
        {!preset.built_in && button(words.remove, () => void actions.remove(preset))}
        {formats.map(({ format, word }) => (
          <a
            key={format}
            className={classes.export}
            href={presetsApi.exportPath(preset.id, format)}
            download
            aria-label={words.exportAs(preset.title, word)}
          >
            {words.export} {word}
          </a>
        ))}
      </div>
    </details>
  );
}
