// Problems as links to the fields to mend them in.
import classes from "./ProblemLinks.module.css";

export interface PlacedProblem {
  readonly text: string;
  readonly pointer: string;
  /** Of the element to mend it in; null when the page has none. */
  readonly id: string | null;
}

export function ProblemLinks({ problems }: { readonly problems: readonly PlacedProblem[] }) {
  return (
    <ul className={classes.problems}>
      {problems.map(({ text, pointer, id }) => (
        <li key={pointer + text}>
          {id === null ? (
            <>
              {text} {pointer !== "" && <code>{pointer}</code>}
            </>
          ) : (
            <a href={`#${id}`} onClick={focusTarget}>
              {text}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

/** To the field itself, leaving the address alone. */
function focusTarget(event: React.MouseEvent<HTMLAnchorElement>) {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}
