// What this is, in which state, and where to read on.
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useFrame, useServerNow } from "../app/useFrame";
import { apiBase } from "../api/client";
import type { TimedStatus } from "../api/types";
import { formatBytes, formatMoment, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Facts } from "../ui/Facts";
import { LateText } from "../ui/LateText";
import classes from "./Settings.module.css";

const words = messages.settings.about;

export default function AboutPage(): ReactNode {
  const { status } = useFrame();
  const now = useServerNow();
  return (
    <>
      <PageHead title={words.title} />
      <Card title={messages.product}>
        {status ? <State status={status} now={now} /> : <LateText>{messages.loading}</LateText>}
      </Card>
      <Card title={words.read}>
        <ul className={classes.read}>
          <li>
            <a href={`${apiBase}/docs`}>{words.docs}</a>
          </li>
          <li>
            <a href={`${apiBase}/api/openapi.json`}>{words.openapi}</a>
          </li>
        </ul>
      </Card>
    </>
  );
}

function State({ status, now }: { readonly status: TimedStatus; readonly now: number }) {
  const { orchestrator, practice_target: practice } = status;
  return (
    <Facts
      facts={[
        [words.version, `${status.version}, ${words.licence}`],
        [words.orchestrator, words.kinds[orchestrator.kind] ?? orchestrator.kind],
        [
          words.ready,
          orchestrator.ready ? words.isReady : sentence(orchestrator.problem ?? messages.problems.noDetail),
        ],
        [words.data, dataOf(status)],
        [words.practice, practice?.url ?? words.noPractice],
        [words.clock, formatMoment(new Date(now).toISOString())],
      ]}
    />
  );
}

function dataOf({ read_only: readOnly, data }: TimedStatus): string {
  const free = data.free_bytes === null ? null : words.free(formatBytes(data.free_bytes));
  const state = readOnly ? sentence(readOnly.cause) : words.writable;
  return free === null ? state : `${state}, ${free}`;
}
