// Problems or warnings as a list; each leads to its field.
import type { ConfigProblem } from "../api/types";
import classes from "./Configuration.module.css";
import { fieldAt, type Field } from "./fields";
import { inOrder, problemText } from "./problems";
import { revealTarget } from "./reveal";

interface Props {
  readonly problems: readonly ConfigProblem[];
  readonly fields: readonly Field[];
}

export function ProblemList({ problems, fields }: Props) {
  return (
    <ul className={classes.list}>
      {inOrder(problems, fields).map((problem) => {
        const field = fieldAt(fields, problem.pointer);
        const text = problemText(problem);
        return (
          <li key={problem.pointer + problem.code + problem.message}>
            {field ? (
              <>
                <a href={`#${field.id}`} onClick={revealTarget}>
                  {field.title}
                </a>
                : {text}
              </>
            ) : (
              <>
                {text} <code>{problem.pointer}</code>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
