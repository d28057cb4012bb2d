// The hours of a week: a field for each hour, the fuller the busier; also as a table.
import { Button } from "@mantine/core";
import { useState } from "react";
import { formatRough } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import classes from "./Preview.module.css";
import { byWeekday, clockOf, extremes } from "./week";

const words = messages.preview;

interface Props {
  readonly hours: readonly (number | null)[];
  readonly zone: string;
}

export function WeekCard({ hours, zone }: Props) {
  const [asTable, setAsTable] = useState(false);
  const told = extremes(hours);
  return (
    <Card
      title={words.week}
      aside={
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {asTable ? words.asChart : words.asTable}
        </Button>
      }
    >
      {asTable ? <HourTable hours={hours} /> : <Field hours={hours} label={told ?? messages.unknown} />}
      <p className={classes.note}>
        {told} {words.zone(zone)}
      </p>
    </Card>
  );
}

/** Hours that get a word below; all 24 would not fit a phone. */
const MARKED = [0, 6, 12, 18];

function Field({ hours, label }: { readonly hours: readonly (number | null)[]; readonly label: string }) {
  const most = Math.max(1, ...hours.map((visits) => visits ?? 0));
  return (
    <div className={classes.week} role="img" aria-label={label}>
      {byWeekday(hours).map((day, weekday) => (
        <div key={words.weekdays[weekday]} className={classes.weekday}>
          <span className={classes.mark}>{words.weekdaysShort[weekday]}</span>
          {day.map((visits, hour) => (
            <span
              key={clockOf(hour)}
              className={classes.hour}
              data-unknown={visits === null ? "" : undefined}
              style={{ "--share": (visits ?? 0) / most } as React.CSSProperties}
              title={titleOf(weekday, hour, visits)}
            />
          ))}
        </div>
      ))}
      <div className={classes.weekday}>
        <span />
        {MARKED.map((hour) => (
          <span key={hour} className={classes.clock}>
            {clockOf(hour)}
          </span>
        ))}
      </div>
    </div>
  );
}

function titleOf(weekday: number, hour: number, visits: number | null): string {
  const name = words.weekdays[weekday] ?? "";
  return visits === null ? words.cellUnknown(name) : words.cell(name, clockOf(hour), formatRough(visits));
}

function HourTable({ hours }: { readonly hours: readonly (number | null)[] }) {
  const days = byWeekday(hours);
  return (
    <DataTable
      label={words.weekTable}
      rowHeaders
      maxHeight={480}
      columns={[{ title: words.hour }, ...words.weekdaysShort.map((title) => ({ title, numeric: true }))]}
      rows={Array.from({ length: 24 }, (_, hour) => ({
        key: clockOf(hour),
        cells: [clockOf(hour), ...days.map((day) => formatRough(day[hour]))],
      }))}
    />
  );
}
