// Above the form: which preset it begins from, and whether it is a form or a text.
import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { keys } from "../api/keys";
import { messages } from "../messages";
import { presetsApi } from "../presets/api";
import classes from "./Configuration.module.css";

const words = messages.configuration;

export type Mode = "form" | "text";

interface Props {
  readonly preset: string | null;
  readonly onPreset: (preset: string | null) => void;
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
}

export function Tools({ preset, onPreset, mode, onMode }: Props) {
  const presets = useQuery({ queryKey: [...keys.presets, "all"], queryFn: presetsApi.list });
  const known = (presets.data ?? []).map(({ id, title }) => ({ value: id, label: title }));
  const isKnown = preset === null || known.some(({ value }) => value === preset);
  return (
    <div className={classes.tools}>
      <NativeSelect
        className={classes.preset}
        label={words.preset}
        description={words.presetHelp}
        value={preset ?? ""}
        data={[
          { value: "", label: words.presetNone },
          ...(isKnown ? [] : [{ value: preset, label: preset }]),
          ...known,
        ]}
        onChange={(event) => {
          onPreset(event.currentTarget.value || null);
        }}
      />
      <SegmentedControl<Mode>
        className={classes.modes}
        aria-label={words.mode.label}
        data={[
          { value: "form", label: words.mode.form },
          { value: "text", label: words.mode.text },
        ]}
        value={mode}
        onChange={onMode}
        transitionDuration={0}
      />
    </div>
  );
}
