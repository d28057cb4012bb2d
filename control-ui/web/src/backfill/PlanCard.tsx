// The plan: what would be sent into which days, how long it may take, and what nobody knows.
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Calendar, type CalendarDay } from "../days/Calendar";
import { spanName } from "../days/months";
import { formatCount, formatRough, formatRoughDuration, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { Facts } from "../ui/Facts";
import { Icon } from "../ui/Icon";
import { ProblemLinks, type PlacedProblem } from "../ui/ProblemLinks";
import classes from "./Backfill.module.css";
import type { Plan } from "./queries";
import { WithWhy } from "./WithWhy";

const words = messages.backfill.plan;

interface Props {
  readonly plan: Plan | undefined;
  readonly problems: readonly PlacedProblem[];
  /** Why nothing is known at all. */
  readonly failure: string | null;
  /** It is about the form as it stands now. */
  readonly isCurrent: boolean;
  /** The time zone of the site, and what can be done about it. */
  readonly siteZone: ReactNode;
  /** What comes between the figures and the days: what is to be decided, and the button. */
  readonly children: ReactNode;
}

export function PlanCard({ plan, problems, failure, isCurrent, siteZone, children }: Props) {
  return (
    <>
      <Card title={words.title}>
        <div className={classes.plan} data-old={isCurrent ? undefined : ""}>
          {failure !== null && <p className="tf-problem">{failure}</p>}
          {problems.length > 0 && <Refused problems={problems} />}
          {plan && <Figures plan={plan} siteZone={siteZone} />}
          {!plan && problems.length === 0 && failure === null && <p className="tf-muted">{words.loading}</p>}
        </div>
        <div className={classes.decide}>{children}</div>
      </Card>
      {plan && <Days plan={plan} />}
    </>
  );
}

/** What stands in the way, each with a link to where it is mended. */
function Refused({ problems }: { readonly problems: readonly PlacedProblem[] }) {
  return (
    <>
      <p className={classes.refused} role="status">
        <Icon name="warning" size={16} />
        {words.refused(problems.length)}
      </p>
      <ProblemLinks problems={problems} />
    </>
  );
}

function Figures({ plan, siteZone }: { readonly plan: Plan; readonly siteZone: ReactNode }) {
  const { window, target } = plan;
  const duration = plan.duration_s_estimate;
  return (
    <>
      <p className={classes.lead}>
        {words.lead(formatCount(plan.visits), window.days, spanName(window.first, window.last))}
      </p>
      <Facts
        facts={[
          [words.target, `${target.host}, ${messages.page.site(target.site_id)}`],
          [words.zone, window.time_zone],
          [words.siteZone, siteZone],
          [words.hits, plan.hits_estimate === null ? messages.unknown : words.about(formatRough(plan.hits_estimate))],
          [
            words.rows,
            plan.rows_per_day_estimate === null
              ? messages.unknown
              : words.about(formatRough(plan.rows_per_day_estimate)),
          ],
          [
            words.duration,
            <WithWhy
              key="duration"
              value={duration === null ? messages.unknown : words.about(formatRoughDuration(duration * 1000))}
              why={plan.duration_basis.replace(/^unknown:\s*/, "")}
            />,
          ],
        ]}
      />
      {plan.visits_simulated > 0 && <p className={classes.note}>{words.simulated(plan.visits_simulated)}</p>}
      {plan.warnings.length > 0 && (
        <ul className={classes.warnings} aria-label={words.warnings}>
          {plan.warnings.map(({ pointer, code, message }) => (
            <li key={pointer + code}>{sentence(message)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Days({ plan }: { readonly plan: Plan }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      title={words.days}
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
      {asTable ? (
        <DataTable
          label={words.daysTable}
          rowHeaders
          maxHeight={480}
          columns={[
            { title: messages.days.day },
            { title: messages.days.visits, numeric: true },
            { title: words.holds },
          ]}
          rows={plan.days.map(({ day, visits }) => ({
            key: day,
            cells: [day, formatCount(visits), heldOn(plan, day).join(", ") || "–"],
          }))}
        />
      ) : (
        <Calendar label={words.days} days={daysOf(plan)} />
      )}
    </Card>
  );
}

/** Names of the backfills that put something into a day. */
function heldOn({ overlaps }: Plan, day: string): string[] {
  return overlaps
    .filter(({ kind, first, last }) => kind === "backfill" && first <= day && day <= last)
    .map(({ name }) => name);
}

function daysOf(plan: Plan): CalendarDay[] {
  const fullest = Math.max(1, ...plan.days.map(({ visits }) => visits));
  return plan.days.map(({ day, visits }) => {
    const held = heldOn(plan, day);
    return {
      day,
      share: visits / fullest,
      tone: held.length > 0 ? "warn" : "accent",
      icon: held.length > 0 ? "warning" : null,
      current: false,
      text: [words.dayVisits(formatCount(visits)), ...held.map((name) => words.dayHeld(name))].join(" "),
    };
  });
}
