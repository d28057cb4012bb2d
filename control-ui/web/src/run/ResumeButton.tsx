// Goes on with a run that failed or was lost.
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { CommandButtons } from "./Controls";
import { Missing } from "./Missing";
import { problemText } from "./problem";
import { useRunCommand } from "./useRunCommand";

export function ResumeButton({ run }: { readonly run: RunView }) {
  const command = useRunCommand(run.id);
  return (
    <div>
      {command.error && (
        <Notice tone="bad" title={messages.control.refused} alert>
          <p>{problemText(command.error)}</p>
        </Notice>
      )}
      <Missing error={command.error} pending={command.pending !== null} onGive={command.resumeWith} />
      <CommandButtons state={run.state} pending={command.pending} quiet onCommand={command.ask} />
      <p className="tf-muted">{messages.control.help[run.state]}</p>
    </div>
  );
}
