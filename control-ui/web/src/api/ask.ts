// A request by hand, for what the generated client cannot say: an answer of another status, a header of one's own.
import { apiBase } from "./client";
import { settled } from "./problem";

interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The header of a change that was made on a revision: a newer one is not overwritten. */
export function madeOn(revision: number): Readonly<Record<string, string>> {
  return { "If-Match": `"${revision}"` };
}

/** The address of something in the API; unset parameters are left out. */
export function addressOf(path: string, query: Request["query"] = {}): string {
  const set = Object.entries(query).filter(([, value]) => value != null && value !== "");
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return apiBase + path + (text === "" ? "" : `?${text}`);
}

export function ask<Answer>(path: string, { method = "GET", query, body, headers }: Request = {}): Promise<Answer> {
  const request = async () => {
    const response = await fetch(addressOf(path, query), {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: body === undefined ? { ...headers } : { "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const data = text === "" ? undefined : (JSON.parse(text) as unknown);
    return response.ok ? { data: data as Answer, response } : { error: data, response };
  };
  return settled<Answer>(request());
}
