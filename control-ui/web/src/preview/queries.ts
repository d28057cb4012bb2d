// What the page of previews asks.
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/ask";
import type { Schemas } from "../api/types";

export type Preview = Schemas["PreviewView"];

/** What is looked at: the configuration, or a preset; drawn with the configuration's own seed, or another one. */
export interface Looked {
  readonly preset: string | null;
  readonly seed: number | null;
}

export function usePreview({ preset, seed }: Looked) {
  const body = { preset, use_configuration: preset === null, seed };
  return useQuery({
    queryKey: ["preview", body],
    queryFn: () => ask<Preview>("/api/preview", { method: "POST", body }),
    placeholderData: (old: Preview | undefined) => old,
    // The configuration may have changed since the page was last open.
    staleTime: 0,
    gcTime: 60_000,
  });
}
