// The figures behind the curve, newest first.
import type { Sample } from "../api/types";
import { formatClock, formatCount, formatMs, formatNumber, zoneName } from "../format";
import { messages } from "../messages";
import { DataTable } from "../ui/DataTable";

const words = messages.chart;
/** Rows of the table; older samples are in the curve. */
const ROWS = 120;

export function SampleTable({ samples }: { readonly samples: readonly Sample[] }) {
  const shown = samples.slice(-ROWS).reverse();
  return (
    <DataTable
      label={words.table}
      caption={words.tableCaption(shown.length, zoneName())}
      maxHeight={272}
      rowHeaders
      columns={[
        { title: words.time },
        { title: words.visits, numeric: true },
        { title: words.visitsPlan, numeric: true },
        { title: words.hits, numeric: true },
        { title: words.errors, numeric: true },
        { title: words.latency, numeric: true },
        { title: words.flight, numeric: true },
      ]}
      rows={shown.map((sample) => ({
        key: sample.at,
        cells: [
          formatClock(sample.at),
          formatNumber(sample.visits_per_s),
          formatNumber(sample.visits_per_s_planned),
          formatNumber(sample.hits_per_s),
          formatNumber(sample.errors_per_s),
          formatMs(sample.latency_p95_ms),
          formatCount(sample.in_flight),
        ],
      }))}
    />
  );
}
