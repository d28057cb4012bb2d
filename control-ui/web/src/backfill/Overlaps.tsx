// What the days hold already, and what to do about it: continue that run, take other days, or add to them.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { useCommand } from "../api/queries";
import type { RunView } from "../api/types";
import { spanName } from "../days/months";
import { formatHits } from "../format";
import { messages } from "../messages";
import { problemText } from "../run/problem";
import { lookOfRun } from "../run/state";
import { Notice } from "../ui/Notice";
import { Option, Options } from "../ui/Option";
import classes from "./Backfill.module.css";
import { ids, type Way } from "./form";
import type { Overlap } from "./queries";

const words = messages.backfill.overlap;

interface Props {
  readonly overlaps: readonly Overlap[];
  readonly way: Way;
  readonly problem: string | null;
  readonly onWay: (way: Way) => void;
  readonly onContinued: (run: RunView) => void;
}

export function Overlaps({ overlaps, way, problem, onWay, onContinued }: Props) {
  const filled = overlaps.filter(({ kind }) => kind === "backfill");
  const live = overlaps.filter(({ kind }) => kind === "realtime");
  const group = useId();
  const choose = (next: Way) => () => {
    onWay(next);
  };
  return (
    <>
      {filled.length > 0 && (
        <Notice tone="warn" title={words.title}>
          <ul className={classes.held}>
            {filled.map((one) => (
              <li key={one.run}>
                <Held overlap={one} />
                {one.can_continue && <Continue run={one.run} name={one.name} onDone={onContinued} />}
              </li>
            ))}
          </ul>
          <fieldset
            className={classes.ways}
            id={ids.overlap}
            tabIndex={-1}
            aria-describedby={problem === null ? undefined : `${ids.overlap}-problem`}
          >
            <legend>{words.ways}</legend>
            <Options>
              <Option
                group={group}
                value="other"
                checked={way === "other"}
                title={words.other}
                help={words.otherHelp}
                onChoose={choose("other")}
              />
              <Option
                group={group}
                value="add"
                checked={way === "add"}
                title={words.add}
                help={words.addHelp}
                onChoose={choose("add")}
              />
            </Options>
            {problem !== null && (
              <p id={`${ids.overlap}-problem`} className="tf-problem">
                {problem}
              </p>
            )}
          </fieldset>
        </Notice>
      )}
      {live.length > 0 && (
        <Notice tone="info" title={words.liveTitle}>
          <ul className={classes.held}>
            {live.map((one) => (
              <li key={one.run}>
                <Held overlap={one} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

function Held({ overlap }: { readonly overlap: Overlap }) {
  const { run, name, state, first, last, hits_accepted, hits_unknown } = overlap;
  const unknown = hits_unknown === 0 ? "" : words.unknown(formatHits(hits_unknown));
  return (
    <span>
      {words.held(spanName(first, last), formatHits(hits_accepted), unknown)}{" "}
      <Link to="/runs/$id" params={{ id: run }}>
        {name}
      </Link>{" "}
      ({lookOfRun(state).word})
    </span>
  );
}

interface ContinueProps {
  readonly run: string;
  readonly name: string;
  readonly onDone: (run: RunView) => void;
}

function Continue({ run, name, onDone }: ContinueProps) {
  const command = useCommand(run);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-disabled={command.isPending}
        onClick={() => {
          if (!command.isPending) command.mutate("resume", { onSuccess: onDone });
        }}
      >
        {command.isPending ? messages.control.resuming : words.continue}
        <span className="tf-hidden"> {name}</span>
      </Button>
      {command.error && (
        <span role="alert" className="tf-problem">
          {problemText(command.error)}
        </span>
      )}
    </>
  );
}
