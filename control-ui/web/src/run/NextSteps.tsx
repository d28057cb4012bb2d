// What a person may want to do next, with a command to copy where there is one.
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { CopyButton } from "../ui/CopyButton";
import classes from "./NextSteps.module.css";

const words = messages.runDays;

export function NextSteps({ steps }: { readonly steps: RunView["next_steps"] }) {
  if (steps.length === 0) return null;
  return (
    <div className={classes.steps}>
      <h3>{words.next}</h3>
      <ul>
        {steps.map(({ text, command }) => (
          <li key={text}>
            {text}
            {command !== null && (
              <div className={classes.command}>
                <code>{command}</code>
                <CopyButton text={() => command} label={words.copyCommand} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
