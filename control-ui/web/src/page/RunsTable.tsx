// The newest runs; opening one shows it above.
import type { RunSummary } from "../api/types";
import { formatCount, formatMoment, formatShare } from "../format";
import { messages } from "../messages";
import { lookOfRun, sizeOf, targetOf } from "../run/state";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { StateWord } from "../ui/StateWord";

const words = messages.runs;

interface Props {
  /** Null while they are not known yet. */
  readonly runs: readonly RunSummary[] | null;
  readonly shownId: string | null;
  readonly onShow: (id: string) => void;
}

export function RunsTable({ runs, shownId, onShow }: Props) {
  return (
    <Card title={words.title}>
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
            current: run.id === shownId,
            cells: [
              <a
                key="open"
                href={`?run=${run.id}`}
                aria-current={run.id === shownId ? "true" : undefined}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  onShow(run.id);
                }}
              >
                {formatMoment(run.created_at)}
              </a>,
              <StateWord
                key="state"
                look={lookOfRun(run.state)}
                detail={run.id === shownId ? words.shown : undefined}
              />,
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
