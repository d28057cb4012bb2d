// Who may do what here: keys, sessions, links, the audit list, confirmed hosts.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "./ask";
import type { Schemas } from "./types";
import { refresh } from "./refresh";

export type AccessKey = Schemas["KeyView"];
export type NewKey = Schemas["NewKey"];

const accessKeys = { keys: ["access-keys"], sessions: ["sessions"], audit: ["audit"], hosts: ["confirmations"] };
/** Entries of the audit list that are read at a time. */
const AUDIT_PAGE = 50;

/** A list that others change, too: read anew whenever its page is opened. */
function useList<List>(queryKey: readonly string[], path: string) {
  return useQuery({ queryKey, queryFn: () => ask<List>(path), staleTime: 0 });
}

function useChange<Argument, Answer>(change: (argument: Argument) => Promise<Answer>, stale: readonly string[]) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => refresh(client, { queryKey: stale }) });
}

export const useKeys = () => useList<Schemas["KeyList"]>(accessKeys.keys, "/api/keys");
export const useMakeKey = () =>
  useChange((body: NewKey) => ask<Schemas["MadeKey"]>("/api/keys", { method: "POST", body }), accessKeys.keys);
export const useRevokeKey = () =>
  useChange((id: string) => ask<undefined>(`/api/keys/${id}`, { method: "DELETE" }), accessKeys.keys);

export const useSessions = () => useList<Schemas["SessionList"]>(accessKeys.sessions, "/api/sessions");
export const useRevokeSession = () =>
  useChange((id: string) => ask<undefined>(`/api/sessions/${id}`, { method: "DELETE" }), accessKeys.sessions);
export const useSignInLink = () =>
  useMutation({ mutationFn: () => ask<Schemas["SignInLink"]>("/api/sign-in-link", { method: "POST" }) });

export const useHosts = () => useList<Schemas["ConfirmationList"]>(accessKeys.hosts, "/api/confirmations");
export const useForgetHost = () =>
  useChange(
    (host: string) => ask<undefined>(`/api/confirmations/${encodeURIComponent(host)}`, { method: "DELETE" }),
    accessKeys.hosts,
  );

export function useAudit() {
  return useInfiniteQuery({
    queryKey: accessKeys.audit,
    queryFn: ({ pageParam }) =>
      ask<Schemas["AuditPage"]>("/api/audit", {
        query: { limit: AUDIT_PAGE, before: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });
}
