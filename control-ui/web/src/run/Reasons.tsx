// Why hits were not answered OK: grouped, the most frequent first, each with an example.
import type { RunView } from "../api/types";
import { formatCount, sentence } from "../format";
import { messages } from "../messages";
import { DataTable } from "../ui/DataTable";
import classes from "./OutcomeCard.module.css";

const words = messages.outcome;

interface Props {
  readonly run: RunView;
  /** With a heading of its own, and a word when there is nothing to list. */
  readonly titled?: boolean;
  /** What to say when nothing is wrong; otherwise nothing is said before the end. */
  readonly none?: string;
}

export function Reasons({ run, titled = false, none }: Props) {
  if (run.reasons.length === 0) {
    const all = run.account && run.account.planned > 0 && run.account.accepted === run.account.planned;
    const said = all ? words.noReasons : none;
    return said === undefined ? null : <p className={classes.none}>{said}</p>;
  }
  return (
    <div className={classes.reasons}>
      {titled && <h3>{words.reasons}</h3>}
      <DataTable
        label={words.reasonsTable}
        rowHeaders
        columns={[
          { title: messages.account.state },
          { title: messages.account.hits, numeric: true },
          { title: words.reason },
          { title: words.example },
        ]}
        rows={run.reasons.map((reason) => ({
          key: `${reason.outcome} ${reason.code}`,
          cells: [
            messages.account[reason.outcome],
            formatCount(reason.hits),
            <span key="reason" className={classes.wide}>
              {sentence(reason.message)} <code>{reason.code}</code>
            </span>,
            <span key="example" className={classes.wide}>
              {reason.example ?? "–"}
            </span>,
          ],
        }))}
      />
    </div>
  );
}
