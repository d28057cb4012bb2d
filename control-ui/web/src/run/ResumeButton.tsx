// Goes on with a run that failed or was lost.
import { useCommand } from "../api/queries";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { CommandButtons } from "./Controls";
import { problemText } from "./problem";

export function ResumeButton({ run }: { readonly run: RunView }) {
  const command = useCommand(run.id);
  return (
    <div>
      {command.error && (
        <Notice tone="bad" title={messages.control.refused} alert>
          <p>{problemText(command.error)}</p>
        </Notice>
      )}
      <CommandButtons
        state={run.state}
        pending={command.isPending ? command.variables : null}
        quiet
        onCommand={(asked) => {
          command.mutate(asked);
        }}
      />
      <p className="tf-muted">{messages.control.help[run.state]}</p>
    </div>
  );
}
