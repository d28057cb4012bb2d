// The page at /backfill, once everything that it is drawn from is known.
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useFrame } from "../app/useFrame";
import { usePresets, useRun, useRuns, useSchema } from "../api/queries";
import { useConfiguration } from "../configuration/queries";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { BackfillForm } from "./BackfillForm";

const words = messages.backfill;

export default function BackfillPage(): ReactNode {
  const { status } = useFrame();
  const presets = usePresets();
  const schema = useSchema();
  const saved = useConfiguration();
  const runs = useRuns();
  const lastId = runs.data?.runs[0]?.id ?? null;
  const last = useRun(lastId);
  const navigate = useNavigate();
  const error = presets.error ?? schema.error ?? saved.error ?? runs.error;
  const lastKnown = lastId === null || !last.isPending;
  const known = status && presets.data && schema.data && saved.data && runs.data && lastKnown;
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      {error && <Notice tone="bad">{error.message}</Notice>}
      {known ? (
        <BackfillForm
          status={status}
          last={last.data}
          presets={presets.data.presets}
          schema={schema.data}
          saved={saved.data}
          onStarted={({ id }) => {
            void navigate({ to: "/runs/$id", params: { id } });
          }}
        />
      ) : (
        !error && <LateText>{messages.loading}</LateText>
      )}
    </>
  );
}
