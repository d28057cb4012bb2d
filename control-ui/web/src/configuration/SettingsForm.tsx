// The form: search, sections, fields.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ConfigProblem } from "../api/types";
import { messages } from "../messages";
import classes from "./Configuration.module.css";
import { fieldsOf, matching, ownValue, type Field, type Section } from "./fields";
import { problemAt, problemOf } from "./problems";
import { SectionCard } from "./SectionCard";
import { SectionNav } from "./SectionNav";
import { SettingField } from "./SettingField";
import type { EffectiveValue, SecretState } from "./types";
import type { Editor } from "./useEditor";

const words = messages.configuration;
const NO_SECRET: SecretState = { set: false, last4: null, origin: null };

interface Props {
  readonly sections: readonly Section[];
  readonly editor: Pick<Editor, "draft" | "set" | "setSecret">;
  readonly below: ReadonlyMap<string, EffectiveValue>;
  /** What is kept of secrets, by pointer. */
  readonly kept: Readonly<Record<string, SecretState>>;
  readonly problems: readonly ConfigProblem[];
}

export function SettingsForm({ sections, editor, below, kept, problems }: Props) {
  const [search, setSearch] = useState("");
  const { draft } = editor;
  const shownSections = matching(sections, search);
  const count = fieldsOf(shownSections).length;
  const own = (field: Field) =>
    field.widget === "secret" ? draft.secrets[field.pointer] : ownValue(draft.config, field);
  return (
    <div className={classes.formArea}>
      <SectionNav
        sections={shownSections}
        problemsIn={({ fields }) => fields.filter((field) => problemOf(field, problems) !== null).length}
      />
      <div className={classes.form}>
        <TextInput
          type="search"
          label={words.search}
          description={words.searchHelp}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <p role="status" className={search === "" ? "tf-hidden" : classes.found}>
          {search !== "" && (count === 0 ? words.nothingFound(search) : words.found(count))}
        </p>
        {search !== "" && count === 0 && (
          <Button
            variant="default"
            className={classes.start}
            onClick={() => {
              setSearch("");
            }}
          >
            {words.clearSearch}
          </Button>
        )}
        {shownSections.map((section) => (
          <SectionCard
            key={section.id}
            section={section}
            unfolded={search.trim() !== ""}
            stands={(field) => own(field) !== undefined || problemOf(field, problems) !== null}
          >
            {(field) => (
              <SettingField
                key={field.pointer}
                field={field}
                own={ownValue(draft.config, field)}
                below={below.get(field.pointer)}
                problem={problemOf(field, problems)}
                problemAt={(inner) => problemAt(field, inner, problems)}
                secret={{
                  kept: kept[field.pointer] ?? NO_SECRET,
                  typed: draft.secrets[field.pointer],
                }}
                onSet={editor.set}
                onSecret={editor.setSecret}
              />
            )}
          </SectionCard>
        ))}
      </div>
    </div>
  );
}
