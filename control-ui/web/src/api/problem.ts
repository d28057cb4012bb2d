// What can go wrong with a request: the control plane said why (RFC 9457), or it did not answer at all.
import { messages } from "../messages";
import type { Problem } from "./types";

export class ApiError extends Error {
  readonly problem: Problem | null;
  readonly status: number | null;

  constructor(problem: Problem | null, status: number | null) {
    super(problem?.detail ?? (status === null ? messages.problems.unreachable : messages.problems.noDetail));
    this.name = "ApiError";
    this.problem = problem;
    this.status = status;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** The answer's body, or an ApiError that says what happened. */
export async function settled<Data>(
  request: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const answer = await request.catch(() => {
    throw new ApiError(null, null);
  });
  if (!answer.response.ok) {
    throw new ApiError(isProblem(answer.error) ? answer.error : null, answer.response.status);
  }
  return answer.data as Data;
}
