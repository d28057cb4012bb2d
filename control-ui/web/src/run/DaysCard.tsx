// The days of a backfill as they fill: a calendar, the same as a table, and how many are done.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useRunDays, type RunDay } from "../api/days";
import type { Account, RunView } from "../api/types";
import { Calendar, type CalendarDay } from "../days/Calendar";
import { dayName } from "../days/months";
import { formatCount } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import classes from "./DaysCard.module.css";

const words = messages.runDays;

export function DaysCard({ run }: { readonly run: RunView }) {
  const [asTable, setAsTable] = useState(false);
  const days = useRunDays(run);
  const done = days.data?.filter(({ closed }) => closed).length ?? 0;
  const current = run.state === "running" ? (run.days?.day ?? null) : null;
  return (
    <Card
      title={words.title}
      aside={
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {asTable ? messages.days.asCalendar : messages.days.asTable}
        </Button>
      }
    >
      <div className={classes.days}>
        {days.data && days.data.length > 0 && (
          <label className={classes.progress}>
            {words.done(done, days.data.length)} {current !== null && words.underWay(dayName(current))}
            <progress max={days.data.length} value={done} />
          </label>
        )}
        {days.error && <Notice tone="bad">{days.error.message}</Notice>}
        {days.isPending && <LateText>{messages.loading}</LateText>}
        {days.data?.length === 0 && <p className="tf-muted">{words.none}</p>}
        {days.data && days.data.length > 0 && (
          <>
            {asTable ? (
              <Table days={days.data} current={current} />
            ) : (
              <Calendar label={words.title} days={days.data.map((day) => cellOf(day, current))} />
            )}
            {run.window && <p className={classes.zone}>{words.zone(run.window.time_zone)}</p>}
          </>
        )}
      </div>
    </Card>
  );
}

/** Not simply answered OK. */
function bad({ rejected, failed }: Account): number {
  return rejected + failed;
}

function doubtful({ unknown, skipped }: Account): number {
  return unknown + skipped;
}

type Progress = "done" | "on" | "begun" | "ahead";

function progressOf(day: RunDay, current: string | null): Progress {
  if (day.closed) return "done";
  if (day.day === current) return "on";
  return day.planned > 0 || day.visits_started > 0 ? "begun" : "ahead";
}

/** How much of a day is done. The hits of visits that were not made yet are not known, so visits count before hits. */
export function shareOf(day: RunDay): number {
  if (day.closed) return 1;
  if (day.visits_planned !== null && day.visits_planned > 0) {
    return Math.min(1, day.visits_finished / day.visits_planned);
  }
  return day.planned === 0 ? 0 : (day.planned - day.remaining) / day.planned;
}

export function cellOf(day: RunDay, current: string | null): CalendarDay {
  const progress = progressOf(day, current);
  const look =
    bad(day) > 0
      ? ({ tone: "bad", icon: "warning" } as const)
      : doubtful(day) > 0
        ? ({ tone: "warn", icon: "question" } as const)
        : progress === "done"
          ? ({ tone: "good", icon: "check" } as const)
          : ({ tone: "accent", icon: null } as const);
  return { ...look, day: day.day, share: shareOf(day), current: progress === "on", text: textOf(day, progress) };
}

const states = ["accepted", "rejected", "failed", "unknown", "skipped", "remaining"] as const;

function textOf(day: RunDay, progress: Progress): string {
  const visits = words.visits(formatCount(day.visits_finished), formatCount(day.visits_planned));
  const told = states
    .filter((state) => day[state] > 0 || state === "accepted")
    .map((state) => words.count(formatCount(day[state]), messages.account[state]));
  const hits = day.planned === 0 ? "" : ` ${words.hits(formatCount(day.planned), told.join(", "))}`;
  return `${words.progress[progress]} ${visits}${hits}`;
}

function Table({ days, current }: { readonly days: readonly RunDay[]; readonly current: string | null }) {
  return (
    <DataTable
      label={words.table}
      rowHeaders
      maxHeight={480}
      columns={[
        { title: messages.days.day },
        { title: messages.account.state },
        { title: messages.days.visits, numeric: true },
        { title: messages.account.planned, numeric: true },
        ...states.map((state) => ({ title: messages.account[state], numeric: true })),
      ]}
      rows={days.map((day) => ({
        key: `${day.day} ${day.host} ${day.site_id}`,
        current: day.day === current,
        cells: [
          day.day,
          words.progressShort[progressOf(day, current)],
          words.of(formatCount(day.visits_finished), formatCount(day.visits_planned)),
          formatCount(day.planned),
          ...states.map((state) => formatCount(day[state])),
        ],
      }))}
    />
  );
}
