// What a run put into days that somebody wants to fill, and the way to let it go on instead.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useCommand } from "../api/queries";
import type { RunView } from "../api/types";
import { spanName } from "../days/months";
import { formatHits } from "../format";
import { messages } from "../messages";
import { problemText } from "../run/problem";
import { lookOfRun } from "../run/state";
import type { Overlap } from "./queries";

const words = messages.backfill.overlap;

export function Held({ overlap }: { readonly overlap: Overlap }) {
  const { run, name, state, first, last, hits_accepted, hits_unknown } = overlap;
  const unknown = hits_unknown === 0 ? "" : words.unknown(formatHits(hits_unknown));
  return (
    <span>
      {words.held(spanName(first, last), formatHits(hits_accepted), unknown)}{" "}
      <Link to="/runs/$id" params={{ id: run }}>
        {name}
      </Link>{" "}
      ({lookOfRun(state).word})
    </span>
  );
}

interface ContinueProps {
  readonly run: string;
  readonly name: string;
  readonly onDone: (run: RunView) => void;
}

export function Continue({ run, name, onDone }: ContinueProps) {
  const command = useCommand(run);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-disabled={command.isPending}
        onClick={() => {
          if (!command.isPending) command.mutate("resume", { onSuccess: onDone });
        }}
      >
        {command.isPending ? messages.control.resuming : words.continue}
        <span className="tf-hidden"> {name}</span>
      </Button>
      {command.error && (
        <span role="alert" className="tf-problem">
          {problemText(command.error)}
        </span>
      )}
    </>
  );
}
