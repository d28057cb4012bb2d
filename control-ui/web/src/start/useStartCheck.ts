// What the form's configuration means, asked a moment after the last change. The token itself stays here.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { keys } from "../api/keys";
import { configurationApi } from "../configuration/api";
import type { Check, Configuration } from "../configuration/types";
import { configOf, type StartValues } from "./form";

/** How long a person must have stopped typing, in milliseconds. */
const PAUSE_MS = 400;

/** Stands in for a token: that there is one changes what a configuration means, which one does not. */
const SOME_TOKEN = "0".repeat(32);

export function useStartCheck(values: StartValues, saved: Configuration, tokenGiven: boolean) {
  const body =
    values.source === "configuration"
      ? { preset: saved.preset, config: saved.config, use_saved_token: true }
      : { preset: values.preset, config: configOf({ ...values, token: tokenGiven ? SOME_TOKEN : "" }) };
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  return useQuery({
    queryKey: keys.validation(asked),
    queryFn: () => configurationApi.check(JSON.parse(asked) as typeof body),
    placeholderData: (old: Check | undefined) => old,
    gcTime: 60_000,
  });
}
