// The strip at the top: what is going on, whether it is known at this moment, and the way out.
import { Button, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import type { RunView } from "../api/types";
import { formatRates } from "../format";
import { messages } from "../messages";
import { lookOfLoader, targetOf } from "../run/state";
import { Icon } from "../ui/Icon";
import { StateWord } from "../ui/StateWord";
import type { Freshness } from "./freshness";
import { FreshnessWord } from "./FreshnessWord";
import classes from "./Header.module.css";

const words = messages.page;

interface Props {
  /** The run that is on; undefined when there is none. */
  readonly run: RunView | undefined;
  readonly freshness: Freshness;
  readonly onSignOut: () => void;
}

export function Header({ run, freshness, onSignOut }: Props) {
  return (
    <header className={classes.header}>
      <p className={classes.product}>
        <Icon name="pulse" size={20} />
        {messages.product}
      </p>
      <dl className={classes.facts} aria-label={words.header}>
        <div className={classes.target}>
          <dt>{words.target}</dt>
          <dd>{run ? targetOf(run) : words.noTarget}</dd>
        </div>
        <div className={classes.loader}>
          <dt>{words.loader}</dt>
          <dd>
            <StateWord look={lookOfLoader(run)} />
          </dd>
        </div>
        <div className={classes.rate}>
          <dt>{words.rate}</dt>
          <dd>{run?.rate ? formatRates(run.rate.visits_per_s, run.rate.visits_per_s_planned, "visits") : "–"}</dd>
        </div>
        <div className={classes.connection}>
          <dt>{words.connection}</dt>
          <dd>
            <FreshnessWord freshness={freshness} />
          </dd>
        </div>
      </dl>
      <div className={classes.tools}>
        <ThemeSwitch />
        <Button variant="default" size="xs" leftSection={<Icon name="exit" size={16} />} onClick={onSignOut}>
          {messages.session.signOut}
        </Button>
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = (["auto", "light", "dark"] as const).map((value) => ({ value, label: messages.theme[value] }));
  return (
    <SegmentedControl<MantineColorScheme>
      size="xs"
      aria-label={messages.theme.label}
      data={choices}
      value={colorScheme}
      onChange={setColorScheme}
      withItemsBorders={false}
      transitionDuration={0}
    />
  );
}
