// Where the hits go. Labels and help come from the schema of the run configuration.
import { Button, TextInput } from "@mantine/core";
import { messages } from "../messages";
import { HelpText } from "../ui/HelpText";
import { Notice } from "../ui/Notice";
import { SecretInput } from "../ui/SecretInput";
import { fieldIds, isPractice, problemOf } from "./form";
import classes from "./Start.module.css";
import type { StartFormProps } from "./StartForm";

const words = messages.start;

type Props = Pick<StartFormProps, "values" | "onChange" | "settings" | "practice" | "problems">;

export function TargetFields({ values, onChange, settings, practice, problems }: Props) {
  const atPractice = isPractice(values, practice);
  const tokenHelp = [settings.token.description, words.tokenHelp].filter(Boolean).join(" ");
  return (
    <fieldset className={classes.group}>
      <legend>{words.target}</legend>
      {practice !== null && atPractice && <Notice tone="info">{words.practice}</Notice>}
      <div className={classes.where}>
        <TextInput
          id={fieldIds.url}
          label={settings.url.title}
          description={settings.url.description && <HelpText text={settings.url.description} />}
          placeholder={settings.url.example ?? undefined}
          error={problemOf(problems, "url")}
          type="url"
          inputMode="url"
          spellCheck={false}
          value={values.url}
          onChange={(event) => {
            onChange({ url: event.currentTarget.value, confirm: "" });
          }}
        />
        <TextInput
          id={fieldIds.siteId}
          label={settings.siteId.title}
          description={settings.siteId.description && <HelpText text={settings.siteId.description} />}
          error={problemOf(problems, "siteId")}
          inputMode="numeric"
          value={values.siteId}
          onChange={(event) => {
            onChange({ siteId: event.currentTarget.value });
          }}
        />
      </div>
      {practice !== null && !atPractice && (
        <Button
          variant="default"
          size="xs"
          className={classes.practice}
          onClick={() => {
            onChange({ url: practice.url, siteId: String(practice.site_id), token: "", confirm: "" });
          }}
        >
          {words.practiceUse}
        </Button>
      )}
      <SecretInput
        id={fieldIds.token}
        label={settings.token.title}
        description={atPractice && practice?.token_set ? words.tokenHeld : <HelpText text={tokenHelp} />}
        error={problemOf(problems, "token")}
        autoComplete="off"
        data-1p-ignore
        data-lpignore="true"
        value={values.token}
        onChange={(event) => {
          onChange({ token: event.currentTarget.value });
        }}
      />
    </fieldset>
  );
}
