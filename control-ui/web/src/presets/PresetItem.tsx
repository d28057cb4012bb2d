// One preset: what it is, its rate, what it would change, and what can be done with it.
import { Button } from "@mantine/core";
import { useId, useState } from "react";
import { ChangeList } from "../configuration/ChangeList";
import { fieldAt, type Field } from "../configuration/fields";
import { useChanges } from "../configuration/queries";
import { reveal } from "../configuration/reveal";
import type { Configuration } from "../configuration/types";
import { plainWord, valueWord } from "../configuration/words";
import { formatCount, formatMoment } from "../format";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { PresetDetails } from "./PresetDetails";
import { PresetMore } from "./PresetMore";
import classes from "./Presets.module.css";
import type { Preset } from "./types";
import { withPreset, type PresetActions } from "./usePresetActions";

const words = messages.presets;

interface Props {
  readonly preset: Preset;
  readonly configuration: Configuration;
  readonly fields: readonly Field[];
  readonly actions: PresetActions;
}

export function PresetItem({ preset, configuration, fields, actions }: Props) {
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const id = useId();
  const isLoaded = configuration.preset === preset.id;
  return (
    <li className={classes.preset}>
      <div className={classes.head}>
        <h3 id={`${id}-title`} tabIndex={-1}>
          {preset.title}
        </h3>
        {isLoaded && <span className={classes.loaded}>{words.loaded}</span>}
        <span className={classes.rate}>{words.rate(formatCount(preset.visits_per_day))}</span>
      </div>
      {preset.description !== "" && <p className="tf-muted">{preset.description}</p>}
      {preset.updated_at !== null && (
        <p className={classes.moment}>{words.changedAt(formatMoment(preset.updated_at))}</p>
      )}
      {preset.legacy !== null && <Legacy preset={preset} fields={fields} actions={actions} />}
      {editing && (
        <PresetDetails
          preset={preset}
          onCancel={() => {
            setEditing(false);
            reveal(`${id}-title`);
          }}
          onSave={(title, description) => {
            void actions.change(preset, title, description).then(() => {
              setEditing(false);
            });
          }}
        />
      )}
      <div className={classes.buttons}>
        <Button
          variant="default"
          size="xs"
          aria-expanded={open}
          aria-describedby={`${id}-title`}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? words.hide : words.preview}
        </Button>
        <PresetMore
          preset={preset}
          actions={actions}
          onEdit={() => {
            setEditing(true);
          }}
        />
      </div>
      {open && <Preview preset={preset} configuration={configuration} fields={fields} actions={actions} />}
    </li>
  );
}

function Preview({ preset, configuration, fields, actions }: Props) {
  const changes = useChanges({ configuration: true }, { document: withPreset(configuration, preset.id) }, true);
  return (
    <section className={classes.preview} aria-label={words.previewTitle(preset.title)}>
      <h4>{words.previewTitle(preset.title)}</h4>
      {changes.error && <Notice tone="bad">{changes.error.message}</Notice>}
      {changes.data && (
        <>
          <p className="tf-muted">{changes.data.length === 0 ? words.previewNothing : words.previewLead}</p>
          <ChangeList changes={changes.data} fields={fields} />
        </>
      )}
      <div>
        <Button
          aria-disabled={actions.pending}
          onClick={() => {
            if (!actions.pending) void actions.load(preset, configuration);
          }}
        >
          {words.load}
        </Button>
      </div>
    </section>
  );
}

function Legacy({ preset, fields, actions }: Omit<Props, "configuration">) {
  return (
    <Notice tone="info" title={words.legacyTitle}>
      <p>{words.legacy}</p>
      <ul>
        {preset.legacy?.settings.map(({ pointer, from, to }) => {
          const field = fieldAt(fields, pointer);
          const word = (value: typeof from) => (field ? valueWord(field, value) : plainWord(value, null));
          return (
            <li key={pointer}>
              {field?.title ?? pointer}: {word(from)} → {word(to)}
            </li>
          );
        })}
      </ul>
      <Button variant="default" size="xs" onClick={() => void actions.migrate(preset)}>
        {words.migrate}
      </Button>
    </Notice>
  );
}
