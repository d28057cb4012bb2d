// The editing of the configuration: notices, form or text, and beside it what it means and what saving would change.
import { useEffect, useMemo, useRef, useState } from "react";
import { ConnectionCheck } from "../connection/ConnectionCheck";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import classes from "./Configuration.module.css";
import { configWithSecrets, TOKEN, type Draft } from "./draft";
import { DoneNotice } from "./DoneNotice";
import { fieldsOf, type Section } from "./fields";
import { LeaveGuard } from "./LeaveGuard";
import { Meaning } from "./Meaning";
import { ConflictNotice, KeptNotice, SaveFailure } from "./Notices";
import { checkBody, useBelow, useCheck } from "./queries";
import { RunCard } from "./RunCard";
import { SaveBar, SaveCard } from "./SaveCard";
import { SettingsForm } from "./SettingsForm";
import { TextEditor } from "./TextEditor";
import { Tools, type Mode } from "./Tools";
import { TransferCard } from "./TransferCard";
import type { Configuration } from "./types";
import { isConflict, useEditor } from "./useEditor";

const words = messages.configuration;

interface Props {
  readonly schema: readonly Section[];
  readonly saved: Configuration;
}

export function Workbench({ schema, saved }: Props) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const editor = useEditor(saved, fields);
  const { draft, changed, save } = editor;
  const [mode, setMode] = useState<Mode>("form");
  const [discarded, setDiscarded] = useState<Draft | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const below = useBelow(draft.preset);
  const valuesBelow = useMemo(() => new Map((below.data ?? []).map((one) => [one.pointer, one])), [below.data]);
  const check = useCheck(draft);
  const notice = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (save.error !== null) notice.current?.focus();
  }, [save.error, save.submittedAt]);

  const discard = () => {
    setTaken(null);
    setDiscarded(editor.discard());
  };
  const document = { preset: draft.preset, config: draft.config };
  return (
    <>
      <LeaveGuard changed={changed} secretsTyped={Object.keys(draft.secrets).length > 0} />
      <SaveFailure ref={notice} editor={editor} fields={fields} />
      {(editor.isBehind || isConflict(save.error)) && (
        <ConflictNotice ref={notice} editor={editor} fields={fields} onTheirs={discard} />
      )}
      {editor.isRestored && !editor.isBehind && <KeptNotice onDiscard={discard} />}
      <DoneNotice
        saved={save.isSuccess && !changed}
        discarded={changed ? null : discarded}
        taken={changed ? taken : null}
        onUndo={(old) => {
          setDiscarded(null);
          editor.restore(old);
        }}
      />
      <div className={classes.layout}>
        <div className={classes.column}>
          <Tools preset={draft.preset} onPreset={editor.setPreset} mode={mode} onMode={setMode} />
          {mode === "form" ? (
            <SettingsForm
              sections={schema}
              editor={editor}
              below={valuesBelow}
              kept={{ ...saved.secrets, [TOKEN]: saved.token }}
              problems={check.data?.problems ?? []}
            />
          ) : (
            <TextEditor config={draft.config} onConfig={editor.setConfig} />
          )}
          <SaveBar editor={editor} onDiscard={discard} />
        </div>
        <div className={classes.side} role="region" aria-label={words.side.region} tabIndex={0}>
          <SaveCard editor={editor} fields={fields} onDiscard={discard} />
          <Meaning check={check.data} failed={check.isError} isCurrent={check.isCurrent} fields={fields} />
          <RunCard fields={fields} changed={changed} confirmation={check.data?.confirmation ?? null} />
          <Card title={messages.connectionTest.title}>
            <ConnectionCheck
              about={checkBody(draft)}
              request={() => ({
                preset: draft.preset,
                config: configWithSecrets(draft),
                use_saved_token: draft.secrets[TOKEN] === undefined,
              })}
            />
          </Card>
          <TransferCard
            document={document}
            fields={fields}
            onTake={(config, name) => {
              setMode("form");
              setTaken(name);
              editor.setConfig(config);
            }}
          />
        </div>
      </div>
    </>
  );
}
