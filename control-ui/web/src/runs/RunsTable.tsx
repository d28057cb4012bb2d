// Runs as a table; the first cell opens the run.
import { Link } from "@tanstack/react-router";
import type { RunSummary } from "../api/types";
import { formatCount, formatMoment, formatShare } from "../format";
import { messages } from "../messages";
import { lookOfRun, sizeOf, targetOf } from "../run/state";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { StateWord } from "../ui/StateWord";

const words = messages.runs;

/** Null while they are not known yet. */
export function RunsTable({ runs }: { readonly runs: readonly RunSummary[] | null }) {
  return (
    <Card title={words.recent}>
      {runs?.length === 0 && <p className="tf-muted">{words.none}</p>}
      {runs !== null && runs.length > 0 && (
        <DataTable
          label={words.table}
          columns={[
            { title: words.created },
            { title: words.state },
            { title: words.target },
            { title: words.preset },
            { title: words.size },
            { title: words.planned, numeric: true },
            { title: words.accepted, numeric: true },
          ]}
          rows={runs.map((run) => ({
            key: run.id,
            cells: [
              <Link key="open" to="/runs/$id" params={{ id: run.id }}>
                {formatMoment(run.created_at)}
              </Link>,
              <StateWord key="state" look={lookOfRun(run.state)} />,
              targetOf(run),
              run.preset ?? messages.control.noPreset,
              sizeOf(run),
              formatCount(run.account?.planned),
              run.account
                ? `${formatCount(run.account.accepted)} (${formatShare(run.account.accepted, run.account.planned)})`
                : messages.unknown,
            ],
          }))}
        />
      )}
    </Card>
  );
}
