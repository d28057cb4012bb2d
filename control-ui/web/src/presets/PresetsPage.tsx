// The page at /presets: built-in and own ones, what each would change, and what can be done with it.
import { useQuery } from "@tanstack/react-query";
import { PageHead } from "../app/PageHead";
import { keys } from "../api/keys";
import { useSchema } from "../api/queries";
import { fieldsOf, sectionsOf, type Field } from "../configuration/fields";
import { kept } from "../configuration/kept";
import { useConfiguration } from "../configuration/queries";
import type { Configuration } from "../configuration/types";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { presetsApi } from "./api";
import { DoneNotice } from "./DoneNotice";
import { ImportCard } from "./ImportCard";
import { PresetDetails } from "./PresetDetails";
import { PresetItem } from "./PresetItem";
import classes from "./Presets.module.css";
import type { Preset } from "./types";
import { usePresetActions, type PresetActions } from "./usePresetActions";

const words = messages.presets;

export default function PresetsPage() {
  const presets = useQuery({ queryKey: [...keys.presets, "all"], queryFn: presetsApi.list });
  const configuration = useConfiguration();
  const schema = useSchema();
  const actions = usePresetActions();
  const error = presets.error ?? configuration.error ?? schema.error;
  const known = presets.data && configuration.data && schema.data;
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      {error && <Notice tone="bad">{error.message}</Notice>}
      {!error && !known && <LateText>{messages.loading}</LateText>}
      <DoneNotice actions={actions} />
      {known && kept() !== null && <Notice tone="info">{words.draftWaits}</Notice>}
      {known && (
        <div className={classes.columns}>
          <Lists
            presets={presets.data}
            configuration={configuration.data}
            fields={fieldsOf(sectionsOf(schema.data))}
            actions={actions}
          />
          <div className={classes.column}>
            <Card title={words.saveTitle}>
              <div className={classes.card}>
                <p className="tf-muted">{words.saveHelp}</p>
                <PresetDetails onSave={(title, description) => void actions.save(title, description)} />
              </div>
            </Card>
            <ImportCard actions={actions} />
          </div>
        </div>
      )}
    </>
  );
}

interface ListsProps {
  readonly presets: readonly Preset[];
  readonly configuration: Configuration;
  readonly fields: readonly Field[];
  readonly actions: PresetActions;
}

function Lists({ presets, ...rest }: ListsProps) {
  const own = presets.filter((preset) => !preset.built_in);
  const builtIn = presets.filter((preset) => preset.built_in);
  const items = (list: readonly Preset[]) => (
    <ul className={classes.presets}>
      {list.map((preset) => (
        <PresetItem key={preset.id} preset={preset} {...rest} />
      ))}
    </ul>
  );
  return (
    <div className={classes.column}>
      <Card title={words.own}>{own.length === 0 ? <p className="tf-muted">{words.empty}</p> : items(own)}</Card>
      <Card title={words.builtIn}>{items(builtIn)}</Card>
    </div>
  );
}
