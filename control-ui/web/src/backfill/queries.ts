// What the page of backfills asks, a moment after the last change: what the settings begin from, and the plan.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/ask";
import type { Schemas } from "../api/types";
import { configurationApi } from "../configuration/api";
import type { Check, CheckRequest } from "../configuration/types";

export type Plan = Schemas["BackfillPlanView"];
export type Overlap = Schemas["BackfillOverlap"];

/** How long a person must have stopped typing before the server is asked, in milliseconds. */
const PAUSE_MS = 300;

export const backfillKeys = {
  plans: ["backfill-plan"],
  plan: (body: string) => ["backfill-plan", body],
  check: (body: string) => ["validation", "backfill", body],
} as const;

/** The plan of a request, as it is sent. */
export function planQuery(body: string) {
  return {
    queryKey: backfillKeys.plan(body),
    queryFn: () => ask<Plan>("/api/backfill/plan", { method: "POST", body: JSON.parse(body) as unknown }),
  };
}

/** The plan, or why there is none. Asked anew whenever the page is opened: other runs fill days, too. */
export function usePlan(body: unknown) {
  const wanted = JSON.stringify(body);
  const [asked] = useDebouncedValue(wanted, PAUSE_MS);
  const plan = useQuery({
    ...planQuery(asked),
    placeholderData: (old: Plan | undefined) => old,
    staleTime: 0,
    gcTime: 60_000,
  });
  return { ...plan, isCurrent: asked === wanted && !plan.isPlaceholderData };
}

/** What a configuration means. */
export function useChecked(body: CheckRequest) {
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  return useQuery({
    queryKey: backfillKeys.check(asked),
    queryFn: () => configurationApi.check(JSON.parse(asked) as CheckRequest),
    placeholderData: (old: Check | undefined) => old,
    gcTime: 60_000,
  });
}
