// What the days hold already, and what to do about it: continue that run, take other days, or add to them.
import { useId } from "react";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { Option, Options } from "../ui/Option";
import classes from "./Backfill.module.css";
import { ids, type Way } from "./form";
import { Continue, Held } from "./Held";
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
