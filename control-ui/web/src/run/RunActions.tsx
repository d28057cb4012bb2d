// What can be done with a run besides stop, pause and resume: again, restart, delete.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useAgain, useRestart, type RunAgain } from "../api/runs";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { useDeleteWithUndo } from "../runs/useRowActions";
import { Failure } from "../settings/Failure";
import { ConfirmButton } from "../ui/ConfirmButton";
import { Icon } from "../ui/Icon";
import { Missing, saysItself } from "./Missing";
import classes from "./RunActions.module.css";

const words = messages.run;

export function RunActions({ run, on }: { readonly run: RunView; readonly on: boolean }) {
  const navigate = useNavigate();
  const open = ({ id }: RunView) => void navigate({ to: "/runs/$id", params: { id } });
  const again = useAgain(open);
  const restart = useRestart(open);
  const { remove, pending, error } = useDeleteWithUndo(() => void navigate({ to: "/runs" }));
  const begin = (how: Partial<RunAgain>) => {
    if (!busy) again.mutate({ id: run.id, ...how });
  };
  const busy = again.isPending || restart.isPending || pending;
  const refused = again.error ?? restart.error ?? error;
  return (
    <>
      {on && run.state !== "stopping" && (
        <ConfirmButton
          label={words.restart}
          icon="repeat"
          warning={words.restartWarning}
          confirm={words.restartConfirm}
          pending={busy}
          onConfirm={() => {
            restart.mutate({ id: run.id });
          }}
        />
      )}
      {!on && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="repeat" size={16} />}
          aria-disabled={busy}
          onClick={() => {
            begin({});
          }}
        >
          {words.again}
        </Button>
      )}
      {!on && (
        <Button
          variant="default"
          size="xs"
          title={words.sameHelp}
          leftSection={<Icon name="copy" size={16} />}
          aria-disabled={busy}
          onClick={() => {
            begin({ same: true });
          }}
        >
          {words.same}
        </Button>
      )}
      {!on && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="trash" size={16} />}
          aria-disabled={busy}
          onClick={() => {
            if (!busy) remove(run.id, run.name);
          }}
        >
          {messages.runs.delete}
        </Button>
      )}
      {refused !== null && (
        <div className={classes.refused}>
          {!saysItself(refused) && <Failure error={refused} />}
          <Missing error={refused} pending={busy} onGive={(restart.error ? restart : again).giveMore} />
        </div>
      )}
    </>
  );
}
