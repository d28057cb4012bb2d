// Why a command was not done, as sentences. Without an answer it may have been done all the same.
import { ApiError } from "../api/problem";
import { sentence } from "../format";
import { messages } from "../messages";

export function problemText(error: Error): string {
  const unanswered = error instanceof ApiError && error.status === null;
  return unanswered ? `${error.message} ${messages.problems.unansweredCommand}` : sentence(error.message);
}
