// What the run does: what is saved, or a preset.
import { Link } from "@tanstack/react-router";
import type { Preset } from "../api/types";
import { valueAt } from "../configuration/json";
import type { Configuration } from "../configuration/types";
import { messages } from "../messages";
import { Option, Options } from "../ui/Option";
import { hostOf, savedTarget, type Source } from "./form";
import classes from "./Start.module.css";

const words = messages.start;

interface Props {
  readonly saved: Configuration;
  readonly presets: readonly Preset[];
  readonly value: Source;
  readonly onChange: (source: Source) => void;
}

export function SourcePicker({ saved, presets, value, onChange }: Props) {
  return (
    <fieldset className={classes.group}>
      <legend>{words.from}</legend>
      <Options twoColumns>
        <Option
          group="source"
          value="configuration"
          checked={value === "configuration"}
          title={words.saved}
          help={savedHelp(saved, presets)}
          onChoose={() => {
            onChange("configuration");
          }}
        />
        <Option
          group="source"
          value="preset"
          checked={value === "preset"}
          title={words.presets}
          help={words.presetHelp}
          onChoose={() => {
            onChange("preset");
          }}
        />
      </Options>
      {value === "configuration" && (
        <Link to="/configuration" className={classes.edit}>
          {words.savedEdit}
        </Link>
      )}
    </fieldset>
  );
}

function savedHelp(saved: Configuration, presets: readonly Preset[]): string {
  const url = savedTarget(saved);
  if (url === null) return words.savedNoTarget;
  const site = valueAt(saved.config, "/targets/0/site_id");
  const place = [hostOf(url) ?? url, typeof site === "number" ? messages.connectionTest.site(site) : ""];
  const preset = presets.find(({ id }) => id === saved.preset)?.title ?? saved.preset;
  return words.savedHelp(
    place.filter(Boolean).join(", "),
    preset === null ? words.savedAlone : words.savedFrom(preset),
  );
}
