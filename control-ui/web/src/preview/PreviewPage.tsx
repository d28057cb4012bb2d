// The page at /preview: what the visits of the configuration, or of a preset, would look like.
import { Button, NativeSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useSearchOf, type SearchTexts } from "../app/search";
import { ApiError } from "../api/problem";
import { usePresets } from "../api/queries";
import { sentence } from "../format";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { Seen } from "./Seen";
import classes from "./Preview.module.css";
import { usePreview } from "./queries";

const words = messages.preview;

interface Looked {
  /** Id of a preset; the configuration without one. */
  readonly of?: string | undefined;
  readonly seed?: string | undefined;
}

function lookedIn({ of, seed }: SearchTexts): Looked {
  return { of, seed: seed !== undefined && /^\d{1,15}$/.test(seed) ? seed : undefined };
}

export default function PreviewPage(): ReactNode {
  const [{ of, seed }, look] = useSearchOf(lookedIn);
  const presets = usePresets();
  const number = seed === undefined ? null : Number(seed);
  const preview = usePreview({ preset: of ?? null, seed: number });
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <div className={classes.choice}>
        <NativeSelect
          label={words.of}
          value={of ?? ""}
          onChange={({ currentTarget: { value } }) => {
            look({ of: value });
          }}
          data={[
            { value: "", label: words.configuration },
            ...(presets.data?.presets ?? []).map(({ id, title }) => ({ value: id, label: words.preset(title) })),
          ]}
        />
        <Button
          variant="default"
          title={words.otherHelp}
          onClick={() => {
            look({ of, seed: String((number ?? 0) + 1) });
          }}
        >
          {words.other}
        </Button>
        {of === undefined && <Link to="/configuration">{words.edit}</Link>}
      </div>
      {preview.error && <Refused error={preview.error} />}
      {!preview.error && !preview.data && <LateText>{messages.loading}</LateText>}
      {preview.data && !preview.error && (
        <div className={classes.seen} data-old={preview.isPlaceholderData ? "" : undefined}>
          <Seen preview={preview.data} />
        </div>
      )}
    </>
  );
}

function Refused({ error }: { readonly error: Error }) {
  const problems = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  if (problems.length === 0) return <Notice tone="bad">{error.message}</Notice>;
  return (
    <Notice tone="bad" title={words.refused}>
      <ul>
        {problems.map(({ pointer, code, message, hint }) => (
          <li key={pointer + code}>
            {sentence(message)} {hint && sentence(hint)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
