// What the connection test found, step by step.
import { formatMs, sentence } from "../format";
import { messages } from "../messages";
import { Facts } from "../ui/Facts";
import { HelpText } from "../ui/HelpText";
import { Icon, type IconName } from "../ui/Icon";
import tones from "../ui/tone.module.css";
import classes from "./Connection.module.css";
import type { ConnectionReport, Finding, FindingState } from "./types";

const words = messages.connectionTest;

/** Each state has a shape of its own beside its word. */
const looks: Record<FindingState, { readonly icon: IconName; readonly tone: string }> = {
  ok: { icon: "check", tone: "good" },
  warning: { icon: "warning", tone: "warn" },
  failed: { icon: "cross", tone: "bad" },
  skipped: { icon: "skip", tone: "neutral" },
  unknown: { icon: "question", tone: "neutral" },
};

interface Props {
  readonly found: ConnectionReport;
  /** It is about a target that was changed since. */
  readonly old: boolean;
}

export function Findings({ found, old }: Props) {
  return (
    <div className={classes.findings} data-old={old ? "" : undefined}>
      <p className={`${classes.verdict} ${found.ok ? tones.good : tones.bad}`}>
        <Icon name={found.ok ? "check" : "cross"} />
        {found.ok ? words.ok : words.notOk}
      </p>
      <ol className={classes.steps} aria-label={words.steps}>
        {found.steps.map((step) => (
          <StepItem key={step.step} step={step} />
        ))}
      </ol>
      <Facts
        facts={[
          [words.target, `${found.target.host}, ${words.site(found.target.site_id)}`],
          [words.from, found.from],
          [words.version, found.matomo.version ?? messages.unknown],
          [words.latency, formatMs(found.matomo.latency_ms)],
          [words.clock, clockWord(found.matomo.clock_difference_s)],
          [words.token, words.tokens[found.token.state] ?? found.token.state],
        ]}
      />
    </div>
  );
}

function StepItem({ step }: { readonly step: Finding }) {
  const look = looks[step.state];
  return (
    <li>
      <span className={`${classes.sign} ${tones[look.tone] ?? ""}`}>
        <Icon name={look.icon} size={16} />
        {words.states[step.state]}
      </span>
      <span className={classes.said}>
        <strong>{words.stepNames[step.step] ?? step.step}</strong> <HelpText text={sentence(step.message)} />
        {step.hint !== null && step.hint !== "" && (
          <span className={classes.hint}>
            <HelpText text={sentence(step.hint)} />
          </span>
        )}
      </span>
    </li>
  );
}

const seconds = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A difference below a second is what the way there and back makes. */
export function clockWord(difference: number | null): string {
  if (difference === null) return messages.unknown;
  if (Math.abs(difference) < 1) return words.clockSame;
  const figure = seconds.format(Math.abs(difference));
  return difference > 0 ? words.clockAhead(figure) : words.clockBehind(figure);
}
