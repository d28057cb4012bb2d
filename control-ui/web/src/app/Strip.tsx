// The strip on top of every page: what is going on, whether it is known at this moment, the one primary action.
import type { RunView } from "../api/types";
import { formatMs, formatRate, formatRates, formatShare } from "../format";
import { messages } from "../messages";
import { lookOfLoader, targetOf } from "../run/state";
import { StateWord } from "../ui/StateWord";
import { AccountMenu } from "./AccountMenu";
import { FreshnessWord } from "./FreshnessWord";
import { PrimaryAction } from "./PrimaryAction";
import classes from "./Strip.module.css";
import { useFrame, useFreshness } from "./useFrame";

const words = messages.page;

export function Strip() {
  const { active } = useFrame();
  const freshness = useFreshness();
  return (
    <header className={classes.strip}>
      <dl className={classes.facts} aria-label={words.header} data-idle={active ? undefined : ""}>
        <div className={classes.target}>
          <dt>{words.target}</dt>
          <dd>{active ? targetOf(active) : words.noTarget}</dd>
        </div>
        <div className={classes.loader}>
          <dt>{words.loader}</dt>
          <dd>
            <StateWord look={lookOfLoader(active)} detail={active?.loader_state?.detail} />
          </dd>
        </div>
        <div className={classes.rate}>
          <dt>{words.rate}</dt>
          <dd>{active ? rateOf(active) : "–"}</dd>
        </div>
        <div className={classes.errors}>
          <dt>{words.errors}</dt>
          <dd>{active ? errorsOf(active) : "–"}</dd>
        </div>
        <div className={classes.latency}>
          <dt>{words.latency}</dt>
          <dd>{active ? formatMs(active.latency_ms?.p95) : "–"}</dd>
        </div>
        <div className={classes.connection}>
          <dt>{words.connection}</dt>
          <dd>
            <FreshnessWord freshness={freshness} />
          </dd>
        </div>
      </dl>
      <div className={classes.tools}>
        <PrimaryAction />
        <AccountMenu />
      </div>
    </header>
  );
}

/** A backfill plans no pace. */
function rateOf({ rate, kind }: RunView): string {
  if (!rate) return "–";
  if (kind === "backfill") return formatRate(rate.visits_per_s, "visits");
  return formatRates(rate.visits_per_s, rate.visits_per_s_planned, "visits");
}

/** The share of what was sent that was not answered OK. */
function errorsOf({ account }: RunView): string {
  if (!account) return messages.unknown;
  const bad = account.rejected + account.failed + account.unknown;
  return formatShare(bad, bad + account.accepted);
}
