// Stop, pause, resume, presentational. A button says what was asked; the state says what is true.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunCommand } from "../api/client";
import type { RunView } from "../api/types";
import { spanName } from "../days/months";
import { formatCount, formatDuration, formatHits, formatMoment, formatShare } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Facts } from "../ui/Facts";
import { Icon, type IconName } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { StateWord } from "../ui/StateWord";
import classes from "./Controls.module.css";
import { lookOfLoader, sizeOf, targetOf } from "./state";

const words = messages.control;

interface Props {
  readonly run: RunView;
  readonly now: number;
  readonly pending: RunCommand | null;
  readonly problem: string | null;
  /** Where what a command still needs is given. */
  readonly missing?: ReactNode;
  readonly onCommand: (command: RunCommand) => void;
}

/** The commands that the state allows, the main one first. */
function commandsOf(state: RunView["state"]): readonly RunCommand[] {
  switch (state) {
    case "queued":
    case "starting":
      return ["stop"];
    case "running":
      return ["stop", "pause"];
    case "paused":
      return ["resume", "stop"];
    case "failed":
    case "lost":
      return ["resume"];
    case "stopping":
    case "succeeded":
    case "cancelled":
      return [];
  }
}

const labels: Record<RunCommand, { readonly icon: IconName; readonly asked: string; readonly label: string }> = {
  stop: { icon: "stop", label: words.stop, asked: words.stopping },
  pause: { icon: "pause", label: words.pause, asked: words.pausing },
  resume: { icon: "play", label: words.resume, asked: words.resuming },
};

/** What a loader that is ending, or has ended, says no more itself. */
const waits: Partial<Record<RunView["state"], string>> = { stopping: words.stoppingFor, paused: words.pausedFor };

export function Controls({ run, now, pending, problem, missing, onCommand }: Props) {
  const starting = run.state === "queued" || run.state === "starting";
  const age = formatDuration(now - Date.parse(run.created_at));
  const detail = starting ? words.startingFor(age) : (waits[run.state] ?? run.loader_state?.detail);
  return (
    <Card title={words.title}>
      <div className={classes.controls}>
        <div className={classes.now}>
          <p className={classes.state}>
            <StateWord look={lookOfLoader(run)} detail={detail} />
          </p>
          <VisitProgress visits={run.visits} />
        </div>
        <Facts
          facts={[
            [messages.page.target, targetOf(run)],
            [words.preset, run.preset ?? words.noPreset],
            [words.size, sizeOf(run)],
            ...(run.window ? [[messages.runDays.window, windowOf(run.window)] as const] : []),
            [words.started, run.started_at === null ? messages.unknown : formatMoment(run.started_at)],
            [words.attempt, formatCount(run.attempt)],
            [words.notOk, notOkOf(run)],
          ]}
        />
        <div className={classes.commands}>
          <CommandButtons state={run.state} pending={pending} quiet onCommand={onCommand} />
          <p className={classes.help}>{words.help[run.state]}</p>
        </div>
      </div>
      {problem !== null && (
        <Notice tone="bad" title={words.refused} alert>
          <p>{problem}</p>
        </Notice>
      )}
      {missing}
    </Card>
  );
}

function windowOf({ first, last, time_zone }: NonNullable<RunView["window"]>): string {
  return `${spanName(first, last)} (${time_zone})`;
}

/** What was sent and not answered OK, so that a green word never hides it. */
function notOkOf({ account }: RunView): string {
  if (!account) return messages.unknown;
  const hits = account.rejected + account.failed + account.unknown;
  return words.notOkHits(formatHits(hits), formatShare(hits, hits + account.accepted));
}

interface ButtonsProps {
  readonly state: RunView["state"];
  readonly pending: RunCommand | null;
  /** Beside another primary button. */
  readonly quiet?: boolean;
  readonly onCommand: (command: RunCommand) => void;
}

export function CommandButtons({ state, pending, quiet = false, onCommand }: ButtonsProps) {
  return (
    <div className={classes.buttons}>
      {commandsOf(state).map((command, index) => (
        <Button
          key={command}
          variant={index === 0 && !quiet ? "filled" : "default"}
          size="md"
          leftSection={<Icon name={labels[command].icon} />}
          aria-disabled={pending !== null}
          onClick={() => {
            if (pending === null) onCommand(command);
          }}
        >
          {pending === command ? labels[command].asked : labels[command].label}
        </Button>
      ))}
    </div>
  );
}

function VisitProgress({ visits }: { readonly visits: RunView["visits"] }) {
  if (visits?.planned == null) return null;
  const text = `${formatCount(visits.finished)} of ${formatCount(visits.planned)} visits finished`;
  return (
    <label className={classes.progress}>
      {text}
      <progress max={visits.planned} value={visits.finished} />
    </label>
  );
}
