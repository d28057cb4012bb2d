// What was asked and not done, as a sentence.
import { messages } from "../messages";
import { problemText } from "../run/problem";
import { Notice } from "../ui/Notice";

export function Failure({
  error,
  title = messages.settings.failed,
}: {
  readonly error: Error | null;
  readonly title?: string;
}) {
  return (
    error && (
      <Notice tone="bad" title={title} alert>
        <p>{problemText(error)}</p>
      </Notice>
    )
  );
}
