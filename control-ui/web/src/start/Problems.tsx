// The summary of what is wrong, with a link to each field. It takes the focus when it appears.
import type { Ref } from "react";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { fieldIds, type ShownProblem } from "./form";
import classes from "./Start.module.css";

const words = messages.problems;

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  readonly problems: readonly ShownProblem[];
  readonly failure: string | null;
  readonly unanswered: boolean;
}

export function Problems({ ref, problems, failure, unanswered }: Props) {
  if (failure !== null) {
    return (
      <Notice ref={ref} tone="bad" title={unanswered ? words.unansweredTitle : words.failedTitle} alert>
        <p>
          {failure} {unanswered && words.unansweredStart}
        </p>
      </Notice>
    );
  }
  return (
    <Notice ref={ref} tone="bad" title={words.summaryTitle(problems.length)} alert>
      <ul className={classes.problems}>
        {problems.map(({ field, pointer, text }) => (
          <li key={pointer + text}>
            {field === null ? (
              <FreeProblem pointer={pointer} text={text} />
            ) : (
              <a href={`#${fieldIds[field]}`} onClick={focusTarget}>
                {text}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** About a setting that this form does not show. */
function FreeProblem({ pointer, text }: { readonly pointer: string; readonly text: string }) {
  return (
    <>
      {text} <code>{pointer}</code>
    </>
  );
}

/** To the field itself, leaving the address alone. */
function focusTarget(event: React.MouseEvent<HTMLAnchorElement>) {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}
