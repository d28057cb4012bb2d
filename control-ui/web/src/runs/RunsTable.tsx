// Runs as a table; the first cell opens the run.
import { Link } from "@tanstack/react-router";
import { isActive } from "../api/lists";
import type { RunSummary } from "../api/types";
import { formatCount, formatDuration, formatMoment, formatShare } from "../format";
import { messages } from "../messages";
import { lookOfRun, sizeOf, targetOf } from "../run/state";
import { DataTable, type Row } from "../ui/DataTable";
import { StateWord } from "../ui/StateWord";
import classes from "./RunsPage.module.css";
import type { RowActions } from "./useRowActions";

const words = messages.runs;

interface Props {
  readonly runs: readonly RunSummary[];
  /** Left out where the table is only a view. */
  readonly actions?: RowActions;
}

export function RunsTable({ runs, actions }: Props) {
  return (
    <DataTable
      label={words.table}
      columns={[
        { title: words.created },
        { title: words.state },
        { title: words.target },
        { title: words.preset },
        { title: words.size },
        { title: words.took, numeric: true },
        { title: words.accepted, numeric: true },
        ...(actions ? [{ title: words.actions }] : []),
      ]}
      rows={runs.map((run) => rowOf(run, actions))}
    />
  );
}

function rowOf(run: RunSummary, actions: RowActions | undefined): Row {
  const moment = formatMoment(run.created_at);
  return {
    key: run.id,
    cells: [
      <Link key="open" to="/runs/$id" params={{ id: run.id }}>
        {moment}
      </Link>,
      <StateWord key="state" look={lookOfRun(run.state)} />,
      targetOf(run),
      run.preset ?? messages.control.noPreset,
      sizeOf(run),
      run.started_at && run.ended_at ? formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at)) : "–",
      run.account
        ? `${formatCount(run.account.accepted)} (${formatShare(run.account.accepted, run.account.planned)})`
        : messages.unknown,
      ...(actions
        ? [
            <span key="actions" className={classes.actions}>
              <button
                type="button"
                className="tf-link"
                onClick={() => {
                  actions.again(run.id);
                }}
              >
                {words.again}
                <span className="tf-hidden"> {words.of(moment)}</span>
              </button>
              {!isActive(run.state) && (
                <button
                  type="button"
                  className="tf-link"
                  onClick={() => {
                    actions.remove(run.id, moment);
                  }}
                >
                  {words.delete}
                  <span className="tf-hidden"> {words.of(moment)}</span>
                </button>
              )}
            </span>,
          ]
        : []),
    ],
  };
}
