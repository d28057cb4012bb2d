// The run that is on: its facts and its buttons, connected.
import { useCommand } from "../api/queries";
import type { RunView } from "../api/types";
import { problemText } from "./problem";
import { Controls } from "./Controls";

export function ControlCard({ run, now }: { readonly run: RunView; readonly now: number }) {
  const command = useCommand(run.id);
  return (
    <Controls
      run={run}
      now={now}
      pending={command.isPending ? command.variables : null}
      problem={command.error && problemText(command.error)}
      onCommand={(asked) => {
        command.mutate(asked);
      }}
    />
  );
}
