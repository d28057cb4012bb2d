// What can be done with a run from the list: again, and delete, which can be taken back.
import { useNavigate } from "@tanstack/react-router";
import { useAgain, useDelete, useRestore, type Given } from "../api/runs";
import { messages } from "../messages";
import { showToast } from "../ui/toasts";

export interface RowActions {
  readonly again: (id: string) => void;
  readonly remove: (id: string, name: string) => void;
  readonly error: Error | null;
  readonly pending: boolean;
  /** Gives what beginning a run again still needed. */
  readonly giveMore: (given: Given) => void;
}

/** Deletes a run and offers to take it back. */
export function useDeleteWithUndo(onDone: () => void = () => undefined) {
  const restore = useRestore();
  const remove = useDelete(onDone);
  return {
    remove: (id: string, name: string) => {
      remove.mutate(id, {
        onSuccess: () => {
          showToast({
            text: messages.runs.deleted(name),
            undo: () => {
              restore.mutate(id);
            },
          });
        },
      });
    },
    pending: remove.isPending,
    error: remove.error ?? restore.error,
  };
}

export function useRowActions(): RowActions {
  const navigate = useNavigate();
  const again = useAgain(({ id }) => void navigate({ to: "/runs/$id", params: { id } }));
  const { remove, error } = useDeleteWithUndo();
  return {
    again: (id) => {
      if (!again.isPending) again.mutate({ id });
    },
    remove,
    error: again.error ?? error,
    pending: again.isPending,
    giveMore: again.giveMore,
  };
}
