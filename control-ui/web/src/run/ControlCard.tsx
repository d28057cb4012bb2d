// The run that is on: its facts and its buttons, connected.
import type { RunView } from "../api/types";
import { problemText } from "./problem";
import { Controls } from "./Controls";
import { Missing } from "./Missing";
import { useRunCommand } from "./useRunCommand";

export function ControlCard({ run, now }: { readonly run: RunView; readonly now: number }) {
  const command = useRunCommand(run.id);
  return (
    <Controls
      run={run}
      now={now}
      pending={command.pending}
      problem={command.error && problemText(command.error)}
      missing={<Missing error={command.error} pending={command.pending !== null} onGive={command.resumeWith} />}
      onCommand={command.ask}
    />
  );
}
