// The draft that is edited: begins from what is saved or from what the browser kept, is kept on every change, is saved
// on what it began from, and notices when somebody else saved meanwhile.
import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { ApiError } from "../api/problem";
import type { ConfigProblem } from "../api/types";
import { configurationApi } from "./api";
import { baseOf, draftOf, isChanged, rebased, TOKEN, withSecret, withValue, type Base, type Draft } from "./draft";
import type { Field } from "./fields";
import { forget, keep, kept } from "./kept";
import { useTakeConfiguration } from "./queries";
import type { Configuration, Json, JsonObject } from "./types";

interface State {
  readonly base: Base;
  readonly draft: Draft;
}

/** What there was to begin from. */
export type Beginning = "saved" | "kept";

function beginning(saved: Configuration): State & { from: Beginning } {
  const found = kept();
  if (found === null || !isChanged(found.draft, saved)) {
    return { base: baseOf(saved), draft: draftOf(saved), from: "saved" };
  }
  return { base: found.base, draft: found.draft, from: "kept" };
}

export function useEditor(saved: Configuration, fields: readonly Field[]) {
  const [begun] = useState(() => beginning(saved));
  const [{ base, draft }, setState] = useState<State>(begun);
  const [isNoticed, setNoticed] = useState(begun.from === "kept");
  const take = useTakeConfiguration();
  const changed = isChanged(draft, base);

  useEffect(() => {
    if (changed) keep({ base, draft });
    else forget();
  }, [base, draft, changed]);

  // Somebody else saved, and nothing was changed here: follow.
  if (!changed && saved.revision > base.revision) setState({ base: baseOf(saved), draft: draftOf(saved) });

  const edit = useCallback((change: (draft: Draft) => Draft) => {
    setState((old) => ({ base: old.base, draft: change(old.draft) }));
  }, []);

  const save = useMutation({
    mutationFn: () => {
      const { preset, config } = draft;
      const { [TOKEN]: token, ...secrets } = draft.secrets;
      const body = { preset, config, secrets };
      return configurationApi.save(token === undefined ? body : { ...body, token }, base.revision);
    },
    onSuccess: (next) => {
      take(next);
      setNoticed(false);
      setState({ base: baseOf(next), draft: draftOf(next) });
    },
    onError: async (error) => {
      if (isConflict(error)) take(await configurationApi.read());
    },
  });

  const actions = useMemo(
    () => ({
      set: (pointer: string, value: Json | undefined) => {
        edit((old) => withValue(old, pointer, value));
      },
      setSecret: (pointer: string, value: string | null | undefined) => {
        edit((old) => withSecret(old, pointer, value));
      },
      setPreset: (preset: string | null) => {
        edit((old) => ({ ...old, preset }));
      },
      setConfig: (config: JsonObject) => {
        edit((old) => ({ ...old, config }));
      },
      restore: (old: Draft) => {
        edit(() => old);
      },
    }),
    [edit],
  );

  return {
    base,
    draft,
    changed,
    /** The draft comes from the browser, and nobody has said yet that they know. */
    isRestored: isNoticed && changed,
    /** Somebody else saved since this draft was begun. */
    isBehind: changed && saved.revision > base.revision,
    save,
    /** What the server says about single settings, from the last attempt to save. */
    refused: refusedBy(save.error),
    ...actions,
    discard: () => {
      save.reset();
      setNoticed(false);
      setState({ base: baseOf(saved), draft: draftOf(saved) });
      return draft;
    },
    /** Puts what was changed here on what is saved now. */
    putOnTop: () => {
      save.reset();
      setState({ base: baseOf(saved), draft: rebased(draft, base, saved, fields) });
    },
  };
}

export type Editor = ReturnType<typeof useEditor>;

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

function refusedBy(error: Error | null): readonly ConfigProblem[] {
  return error instanceof ApiError ? (error.problem?.errors ?? []) : [];
}
