// The figures that matter first.
import type { RunView } from "../api/types";
import { formatCount, formatMs, formatRate, formatShare } from "../format";
import { messages } from "../messages";
import classes from "./OverviewPage.module.css";

const words = messages.overview;

export function Tiles({ run }: { readonly run: RunView }) {
  const { visits, account, latency_ms: latency, rate } = run;
  const planned = visits?.planned ?? run.visits_planned;
  const bad = account && account.rejected + account.failed + account.unknown;
  return (
    <dl className={classes.tiles}>
      <Tile
        name={messages.figures.started}
        value={formatCount(visits?.started)}
        note={planned === null ? messages.figures.openEnded : messages.figures.ofPlanned(formatCount(planned))}
      />
      <Tile
        name={words.pace}
        value={rate ? formatRate(rate.visits_per_s, "visits") : "–"}
        note={rate && run.kind !== "backfill" ? words.planned(formatRate(rate.visits_per_s_planned, "visits")) : ""}
      />
      <Tile
        name={words.hits}
        value={formatCount(account?.accepted)}
        note={account ? words.ofHits(formatCount(account.planned)) : ""}
      />
      <Tile
        name={words.notOk}
        value={formatCount(bad)}
        note={account ? formatShare(bad, (bad ?? 0) + account.accepted) : ""}
      />
      <Tile name={words.latency} value={formatMs(latency?.p95)} note={words.median(formatMs(latency?.p50))} />
    </dl>
  );
}

function Tile({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={classes.value}>{value}</span>
        <span className={classes.note}>{note}</span>
      </dd>
    </div>
  );
}
