// Visits, rates and times of a run.
import type { Latency, RunView } from "../api/types";
import { formatCount, formatMs, formatRate } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import classes from "./FiguresCard.module.css";

const words = messages.figures;

interface Props {
  readonly run: RunView;
  /** Null when not known. */
  readonly inFlight: number | null;
  readonly on: boolean;
}

export function FiguresCard({ run, inFlight, on }: Props) {
  const { visits } = run;
  // The moments of past days are over, so nothing can be late.
  const past = run.kind === "backfill";
  const planned = visits?.planned ?? run.visits_planned;
  return (
    <Card title={words.title}>
      <dl className={classes.tiles}>
        <Tile
          name={words.started}
          value={formatCount(visits?.started)}
          note={planned === null ? (visits ? words.openEnded : undefined) : words.ofPlanned(formatCount(planned))}
        />
        <Tile name={words.finished} value={formatCount(visits?.finished)} />
        <Tile name={words.open} value={formatCount(visits?.open)} />
        {on && <Tile name={words.hitRate} value={run.rate ? formatRate(run.rate.hits_per_s, "hits") : "–"} />}
        {on && <Tile name={words.inFlight} value={formatCount(inFlight)} />}
      </dl>
      <table className={classes.times}>
        <thead>
          <tr>
            <td />
            {[words.p50, words.p95, words.p99].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Times name={words.latency} note={past ? words.latencyPast : words.latencyNote} times={run.latency_ms} />
          {!past && <Times name={words.lateness} note={words.latenessNote} times={run.lateness_ms} />}
        </tbody>
      </table>
    </Card>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
}

function Tile({ name, value, note }: TileProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note !== undefined && <span className={classes.note}> {note}</span>}
      </dd>
    </div>
  );
}

function Times({
  name,
  note,
  times,
}: {
  readonly name: string;
  readonly note: string;
  readonly times: Latency | null;
}) {
  return (
    <tr>
      <th scope="row">
        {name}
        <span className={classes.small}>{note}</span>
      </th>
      <td>{formatMs(times?.p50)}</td>
      <td>{formatMs(times?.p95)}</td>
      <td>{formatMs(times?.p99)}</td>
    </tr>
  );
}
