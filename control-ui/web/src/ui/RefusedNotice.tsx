// Why nothing was started, with a link to each field that is to be mended. It takes the focus when it appears.
import type { Ref } from "react";
import { messages } from "../messages";
import { Notice } from "./Notice";
import { ProblemLinks, type PlacedProblem } from "./ProblemLinks";

const words = messages.problems;

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  readonly problems: readonly PlacedProblem[];
  /** What is about no single field. */
  readonly failure: string | null;
  readonly unanswered: boolean;
}

export function RefusedNotice({ ref, problems, failure, unanswered }: Props) {
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
      <ProblemLinks problems={problems} />
    </Notice>
  );
}
