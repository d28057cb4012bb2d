// Who is looking at this page. The session itself is a cookie that scripts cannot read.
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { ApiError } from "../api/problem";
import { keys } from "../api/keys";
import type { NewSession } from "../api/types";

export type Session = { readonly kind: "signed_in" } | SignedOut;

interface SignedOut {
  readonly kind: "signed_out";
  readonly why: "new" | "ended" | "code_refused";
}

function remember(client: QueryClient, session: Session): void {
  client.setQueryData(keys.session, session);
}

/** The code of a sign-in link, until it was exchanged: it is good for one exchange. */
export interface LinkCode {
  code: string | null;
}

function isNoVerdict(status: number | null): boolean {
  return status === null || status === 429 || status >= 500;
}

/** Whether the code was accepted. Without a verdict (no answer, too many tries) it may be tried again: an error. */
async function exchange(code: string): Promise<boolean> {
  try {
    await api.signIn({ code });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || isNoVerdict(error.status)) throw error;
    return false;
  }
}

async function askSession(client: QueryClient, link: LinkCode): Promise<Session> {
  const codeRefused = link.code !== null && !(await exchange(link.code));
  link.code = null;
  try {
    await api.session();
    return { kind: "signed_in" };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    if (codeRefused) return { kind: "signed_out", why: "code_refused" };
    const before = client.getQueryData<Session>(keys.session);
    return { kind: "signed_out", why: before?.kind === "signed_in" ? "ended" : "new" };
  }
}

export function useSession(link: LinkCode) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.session,
    queryFn: () => askSession(client, link),
    refetchInterval: (query) => (query.state.status === "error" ? 5000 : false),
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSession) => api.signIn(body),
    onSuccess: () => {
      remember(client, { kind: "signed_in" });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.signOut(),
    onSettled: () => {
      // Nothing of the session stays in memory.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
      remember(client, { kind: "signed_out", why: "new" });
    },
  });
}

/** Whatever request is told that nobody is signed in, the page shows the sign-in. */
export function endSessionOn401(client: QueryClient): void {
  const ended = (error: unknown) => {
    if (
      error instanceof ApiError &&
      error.status === 401 &&
      client.getQueryData<Session>(keys.session)?.kind === "signed_in"
    ) {
      remember(client, { kind: "signed_out", why: "ended" });
    }
  };
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error") ended(event.action.error);
  });
  client.getMutationCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error") ended(event.action.error);
  });
}
