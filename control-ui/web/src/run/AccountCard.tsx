// The account: each planned hit in exactly one state, and whether that adds up.
import { addressOf } from "../api/ask";
import type { Account } from "../api/types";
import { formatCount, formatShare } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Icon, type IconName } from "../ui/Icon";
import tones from "../ui/tone.module.css";
import classes from "./AccountCard.module.css";
import type { Tone } from "./state";

const words = messages.account;

type State = Exclude<keyof Account, "planned">;

const rows: readonly { readonly state: State; readonly icon: IconName; readonly tone: Tone; readonly note: string }[] =
  [
    { state: "accepted", icon: "check", tone: "good", note: words.acceptedNote },
    { state: "rejected", icon: "cross", tone: "bad", note: words.rejectedNote },
    { state: "failed", icon: "warning", tone: "bad", note: words.failedNote },
    { state: "unknown", icon: "question", tone: "warn", note: words.unknownNote },
    { state: "skipped", icon: "skip", tone: "warn", note: words.skippedNote },
    { state: "remaining", icon: "clock", tone: "neutral", note: words.remainingNote },
  ];

export function sumOf(account: Account): number {
  return rows.reduce((sum, { state }) => sum + account[state], 0);
}

interface Props {
  readonly account: Account | null;
  readonly title: string;
  /** The run whose account can be had as a file. */
  readonly id?: string;
  /** What is left over when nobody knows what became of it. */
  readonly inDoubt?: boolean;
}

export function AccountCard({ account, title, id, inDoubt = false }: Props) {
  return (
    <Card title={title} aside={id !== undefined && account && <Files id={id} />}>
      <Shares account={account} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.hits}</th>
            <th scope="col">{words.share}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ state, icon, tone, note }) => (
            <tr key={state} data-state={state} data-none={account?.[state] === 0 ? "" : undefined}>
              <th scope="row">
                <span className={classes.name}>
                  <span className={account?.[state] === 0 ? tones.neutral : tones[tone]}>
                    <Icon name={icon} size={16} />
                  </span>
                  <span>
                    {words[state]}
                    <span className={classes.note}>{inDoubt && state === "remaining" ? words.doubtNote : note}</span>
                  </span>
                </span>
              </th>
              <td>{formatCount(account?.[state])}</td>
              <td>{formatShare(account?.[state], account?.planned)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-state="planned">
            <th scope="row">{words.planned}</th>
            <td>{formatCount(account?.planned)}</td>
            <td>{account ? formatShare(sumOf(account), account.planned) : messages.unknown}</td>
          </tr>
        </tfoot>
      </table>
      <Check account={account} />
    </Card>
  );
}

/** The answered share at a glance; the table says the same in numbers. */
function Shares({ account }: { readonly account: Account | null }) {
  if (!account || account.planned === 0) return <div className={classes.bar} />;
  // What remains is the empty part of the bar.
  const drawn = rows.filter(({ state }) => state !== "remaining" && account[state] > 0);
  return (
    <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      {drawn.map(({ state, tone }, index) => {
        const before = drawn.slice(0, index).reduce((sum, one) => sum + account[one.state], 0);
        return (
          <rect
            key={state}
            className={`${classes.part} ${tones[tone]}`}
            x={(100 * before) / account.planned}
            width={(100 * account[state]) / account.planned}
            height="8"
          />
        );
      })}
    </svg>
  );
}

function Check({ account }: { readonly account: Account | null }) {
  if (!account) return <p className={`${classes.check} ${tones.neutral}`}>{words.none}</p>;
  const sum = sumOf(account);
  const right = sum === account.planned;
  return (
    <p className={`${classes.check} ${right ? tones.good : tones.bad}`}>
      <Icon name={right ? "check" : "warning"} size={16} />
      {right ? words.addsUp : words.broken(formatCount(sum), formatCount(account.planned))}
    </p>
  );
}

/** The whole account as one page to keep, and for programs. */
function Files({ id }: { readonly id: string }) {
  return (
    <span className={classes.files}>
      <a href={addressOf(`/api/runs/${id}/account.html`)} target="_blank" rel="noreferrer">
        {messages.runDays.account}
      </a>{" "}
      <a href={addressOf(`/api/runs/${id}/account`)} target="_blank" rel="noreferrer">
        {messages.runDays.accountJson}
      </a>
    </span>
  );
}
