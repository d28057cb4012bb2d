// Who may do what here: keys, sessions, links, the audit list, confirmed hosts.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "./ask";

export interface AccessKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: "full" | "read_only";
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly scope: AccessKey["scope"];
  readonly expires_in_days: number | null;
}

export interface OpenSession {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly ends_at: string;
  readonly address: string;
  readonly agent: string;
  readonly current: boolean;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly address: string;
  readonly request_id: string;
}

export interface ConfirmedHost {
  readonly host: string;
  readonly confirmed_at: string;
  readonly who: string | null;
}

const accessKeys = { keys: ["access-keys"], sessions: ["sessions"], audit: ["audit"], hosts: ["confirmations"] };
/** Entries of the audit list that are read at a time. */
const AUDIT_PAGE = 50;

/** A list that others change, too: read anew whenever its page is opened. */
function useList<List>(queryKey: readonly string[], path: string) {
  return useQuery({ queryKey, queryFn: () => ask<List>(path), staleTime: 0 });
}

function useChange<Argument, Answer>(change: (argument: Argument) => Promise<Answer>, stale: readonly string[]) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: stale }) });
}

export const useKeys = () => useList<{ keys: readonly AccessKey[] }>(accessKeys.keys, "/api/keys");
export const useMakeKey = () =>
  useChange(
    (body: NewKey) => ask<{ key: AccessKey; secret: string }>("/api/keys", { method: "POST", body }),
    accessKeys.keys,
  );
export const useRevokeKey = () =>
  useChange((id: string) => ask<undefined>(`/api/keys/${id}`, { method: "DELETE" }), accessKeys.keys);

export const useSessions = () => useList<{ sessions: readonly OpenSession[] }>(accessKeys.sessions, "/api/sessions");
export const useRevokeSession = () =>
  useChange((id: string) => ask<undefined>(`/api/sessions/${id}`, { method: "DELETE" }), accessKeys.sessions);
export const useSignInLink = () =>
  useMutation({ mutationFn: () => ask<{ url: string; expires_at: string }>("/api/sign-in-link", { method: "POST" }) });

export const useHosts = () => useList<{ hosts: readonly ConfirmedHost[] }>(accessKeys.hosts, "/api/confirmations");
export const useForgetHost = () =>
  useChange(
    (host: string) => ask<undefined>(`/api/confirmations/${encodeURIComponent(host)}`, { method: "DELETE" }),
    accessKeys.hosts,
  );

export function useAudit() {
  return useInfiniteQuery({
    queryKey: accessKeys.audit,
    queryFn: ({ pageParam }) =>
      ask<{ entries: readonly AuditEntry[]; next: string | null }>("/api/audit", {
        query: { limit: AUDIT_PAGE, before: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });
}
