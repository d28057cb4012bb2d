// Visits a second against the plan: the curve, a sentence that says the same, and a table of the figures.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Incident, Sample } from "../api/types";
import { formatClock, formatNumber } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Chart } from "./Chart";
import classes from "./ChartCard.module.css";
import { havePlan } from "./data";
import { SampleTable } from "./SampleTable";
import { summaryOf } from "./summary";

const words = messages.chart;

/** One point is no curve, and gives the time axis nothing to span. */
const MIN_SAMPLES = 2;

interface Props {
  readonly samples: readonly Sample[];
  readonly incidents: readonly Incident[];
  readonly on: boolean;
  /** Whether the last sample is what happens now. */
  readonly sending: boolean;
}

export function ChartCard({ samples, incidents, on, sending }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const shown = samples[cursor ?? -1] ?? samples.at(-1);
  return (
    <Card
      title={words.title}
      aside={
        samples.length >= MIN_SAMPLES && (
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setAsTable(!asTable);
            }}
          >
            {asTable ? words.asChart : words.asTable}
          </Button>
        )
      }
    >
      <div className={classes.body}>
        {samples.length < MIN_SAMPLES ? (
          <p className={classes.empty}>{on ? words.empty : words.emptyEnded}</p>
        ) : asTable ? (
          <SampleTable samples={samples} />
        ) : (
          <>
            <Readout sample={shown} hasPlan={havePlan(samples)} />
            <Chart samples={samples} incidents={incidents} cursor={cursor} onCursor={setCursor} />
          </>
        )}
      </div>
      <p className={classes.summary}>{samples.length >= MIN_SAMPLES && summaryOf(samples, sending)}</p>
    </Card>
  );
}

/** The legend, with the figures of the moment under the pointer, else of the last one. */
function Readout({ sample, hasPlan }: { readonly sample: Sample | undefined; readonly hasPlan: boolean }) {
  return (
    <p className={classes.readout}>
      <span className={classes.actual}>
        <svg width="24" height="8" aria-hidden="true">
          <path d="M0 4h24" />
        </svg>
        {words.actual} <b>{formatNumber(sample?.visits_per_s)}</b>
      </span>
      {hasPlan && (
        <span className={classes.plan}>
          <svg width="24" height="8" aria-hidden="true">
            <path d="M0 4h24" strokeDasharray="5 4" />
          </svg>
          {words.plan} <b>{formatNumber(sample?.visits_per_s_planned)}</b>
        </span>
      )}
      <time dateTime={sample?.at}>{formatClock(sample?.at)}</time>
    </p>
  );
}
