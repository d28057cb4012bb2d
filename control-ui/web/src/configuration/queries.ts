// What the configuration page asks: the saved document, what stands below the draft, what a draft means.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { configurationApi } from "./api";
import { configWithSecrets, TOKEN, withSecret, withValue, type Draft } from "./draft";
import type { Check, Configuration, EffectiveValue, JsonObject, Side } from "./types";
import { refresh } from "../api/refresh";

/** How long a person must have stopped typing before the server is asked, in milliseconds. */
const PAUSE_MS = 300;

export const configurationKeys = {
  saved: ["configuration"],
  below: (preset: string | null) => ["validation", "below", preset],
  check: (body: string) => ["validation", "draft", body],
  compared: ["compare"],
  compare: (from: string, to: string) => ["compare", from, to],
  text: (body: string) => ["convert", body],
} as const;

export const useConfiguration = () =>
  useQuery({ queryKey: configurationKeys.saved, queryFn: configurationApi.read, refetchOnMount: "always" });

/** Takes over a saved document, and forgets what was compared with the one before. */
export function takeConfiguration(client: QueryClient, saved: Configuration): void {
  client.setQueryData(configurationKeys.saved, saved);
  void refresh(client, { queryKey: configurationKeys.compared });
}

export function useTakeConfiguration(): (saved: Configuration) => void {
  const client = useQueryClient();
  return (saved) => {
    takeConfiguration(client, saved);
  };
}

/** The value of every setting, and where it comes from, when the person sets nothing. */
export function useBelow(preset: string | null) {
  return useQuery({
    queryKey: configurationKeys.below(preset),
    queryFn: async () => (await configurationApi.check({ preset, config: {}, use_saved_token: true })).values,
    placeholderData: (old: readonly EffectiveValue[] | undefined) => old,
  });
}

/** Stands in for a typed token: that there is one changes what a configuration means, which one does not. */
const SOME_TOKEN = "0".repeat(32);

/** The draft as it is checked: typed secrets are replaced by something of their kind. */
export function checkBody(draft: Draft): string {
  const pointers = Object.keys(draft.secrets);
  const typed = pointers.filter((pointer) => draft.secrets[pointer] !== null);
  const shaped = typed.reduce((made, pointer) => withSecret(made, pointer, SOME_TOKEN), draft);
  const removed = pointers.reduce((made, pointer) => withValue(made, pointer, undefined), draft);
  const config: JsonObject = typed.length > 0 ? configWithSecrets(shaped) : removed.config;
  return JSON.stringify({ preset: draft.preset, config, use_saved_token: draft.secrets[TOKEN] === undefined });
}

export function useCheck(draft: Draft) {
  const body = checkBody(draft);
  const [asked] = useDebouncedValue(body, PAUSE_MS);
  const check = useQuery({
    queryKey: configurationKeys.check(asked),
    queryFn: () => configurationApi.check(JSON.parse(asked) as Parameters<typeof configurationApi.check>[0]),
    placeholderData: (old: Check | undefined) => old,
    gcTime: 60_000,
  });
  return { ...check, isCurrent: asked === body && !check.isPlaceholderData };
}

/** The settings that differ between two sides, asked a moment after the last change. */
export function useChanges(from: Side, to: Side, enabled: boolean) {
  const pair = JSON.stringify([from, to]);
  const [asked] = useDebouncedValue(pair, PAUSE_MS);
  const [askedFrom, askedTo] = JSON.parse(asked) as [Side, Side];
  return useQuery({
    queryKey: configurationKeys.compare(JSON.stringify(askedFrom), JSON.stringify(askedTo)),
    queryFn: async () => (await configurationApi.compare(askedFrom, askedTo)).changes,
    placeholderData: (old) => old,
    enabled,
    gcTime: 60_000,
  });
}
