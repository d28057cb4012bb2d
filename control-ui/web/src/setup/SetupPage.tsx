// Where traffic is started.
import type { ReactNode } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { PageHead } from "../app/PageHead";
import { useFrame } from "../app/useFrame";
import { useRun, useRuns } from "../api/queries";
import { messages } from "../messages";
import { StartCard } from "../start/StartCard";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { EmptyPanel } from "./EmptyPanel";
import classes from "./SetupPage.module.css";

const words = messages.setup;

export default function SetupPage(): ReactNode {
  const { status, activeId } = useFrame();
  const runs = useRuns();
  const lastId = runs.data?.runs[0]?.id ?? null;
  const last = useRun(lastId);
  const navigate = useNavigate();
  const known = status !== undefined && (lastId === null ? runs.data !== undefined : !last.isPending);
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      {activeId !== null && (
        <Notice tone="info">
          <Link to="/runs/$id" params={{ id: activeId }}>
            {words.active}
          </Link>
        </Notice>
      )}
      <div className={classes.columns}>
        {known ? (
          <StartCard
            status={status}
            last={last.data}
            onStarted={({ id }) => {
              void navigate({ to: "/runs/$id", params: { id } });
            }}
          />
        ) : (
          <LateText>{messages.loading}</LateText>
        )}
        <EmptyPanel />
      </div>
    </>
  );
}
