// What can be done with presets; every answer says what was done, and how to undo it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "../api/keys";
import { ApiError } from "../api/problem";
import { configurationApi } from "../configuration/api";
import { valueAt } from "../configuration/json";
import { configurationKeys, takeConfiguration } from "../configuration/queries";
import type { Configuration, Document, JsonObject } from "../configuration/types";
import { sentence } from "../format";
import { messages } from "../messages";
import { presetsApi } from "./api";
import type { Preset } from "./types";
import { refresh } from "../api/refresh";

const words = messages.presets;

/** What was just done. */
export interface Done {
  readonly text: string;
  readonly undo: (() => Promise<unknown>) | null;
  readonly toConfiguration: boolean;
}

/** The configuration with another preset: of what was set before, only the target stays. */
export function withPreset(saved: Document, id: string): Document {
  const targets = valueAt(saved.config, "/targets");
  const config: JsonObject = targets === undefined ? {} : { targets };
  return { preset: id, config };
}

function done(text: string, undo: Done["undo"] = null, toConfiguration = false): Done {
  return { text, undo, toConfiguration };
}

function withLeftOut(text: string, preset: Preset): string {
  const removed = preset.removed ?? [];
  return removed.length === 0 ? text : `${text} ${words.leftOut(removed.join(", "))}`;
}

export function usePresetActions() {
  const client = useQueryClient();
  const [last, setLast] = useState<Done | null>(null);
  const act = useMutation({
    mutationFn: (action: () => Promise<Done>) => action(),
    onSuccess: setLast,
    onSettled: () => {
      // What a preset would change is another thing once the preset is.
      void refresh(client, { queryKey: configurationKeys.compared });
      return refresh(client, { queryKey: keys.presets });
    },
  });
  const run = (action: () => Promise<Done>) => {
    setLast(null);
    return act.mutateAsync(action).catch(() => null);
  };
  const take = (saved: Configuration) => {
    takeConfiguration(client, saved);
  };
  return {
    last,
    pending: act.isPending,
    problem: problemOf(act.error),
    undo: (undo: () => Promise<unknown>) =>
      run(async () => {
        await undo();
        return done(words.undone);
      }),
    load: (preset: Preset, saved: Configuration) =>
      run(async () => {
        const next = await configurationApi.save(withPreset(saved, preset.id), saved.revision);
        take(next);
        const undo = async () => {
          const { preset: before, config } = saved;
          take(await configurationApi.save({ preset: before, config }, next.revision));
        };
        return done(words.loadedNotice(preset.title), undo, true);
      }),
    save: (title: string, description: string) =>
      run(async () => {
        const preset = await presetsApi.save(title, description);
        return done(withLeftOut(words.saved(preset.title), preset));
      }),
    change: (preset: Preset, title: string, description: string) =>
      run(async () => done(words.changed((await presetsApi.change(preset, title, description)).title))),
    duplicate: (preset: Preset) =>
      run(async () =>
        done(words.duplicated((await presetsApi.duplicate(preset.id, words.copyOf(preset.title))).title)),
      ),
    remove: (preset: Preset) =>
      run(async () => {
        await presetsApi.remove(preset.id);
        return done(words.removed(preset.title), () => presetsApi.restore(preset.id));
      }),
    migrate: (preset: Preset) => run(async () => done(words.migrated((await presetsApi.migrate(preset.id)).title))),
    importText: (text: string, title: string | undefined) =>
      run(async () => {
        const preset = await presetsApi.importText(text, "auto", title);
        return done(withLeftOut(words.imported(preset.title), preset));
      }),
  };
}

export type PresetActions = ReturnType<typeof usePresetActions>;

function problemOf(error: Error | null): { readonly text: string; readonly errors: readonly string[] } | null {
  if (error === null) return null;
  if (!(error instanceof ApiError)) return { text: sentence(error.message), errors: [] };
  if (error.status === 412) return { text: words.stale, errors: [] };
  const errors = error.problem?.errors ?? [];
  return { text: sentence(error.message), errors: errors.map(({ message }) => sentence(message)) };
}
