// The one thing to do next, whatever page is shown: start, stop, or go on.
import { Button } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import type { RunCommand } from "../api/client";
import { useCommand } from "../api/queries";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { Icon } from "../ui/Icon";
import { useFrame } from "./useFrame";

const words = messages.frame;

export function PrimaryAction() {
  const { active, activeId, status } = useFrame();
  const place = useLocation({ select: ({ pathname }) => pathname });
  if (active) return <Command run={active} />;
  if (activeId !== null || status === undefined || place === "/setup") return <span />;
  return (
    <Link to="/setup" className="tf-button">
      <Icon name="play" size={16} />
      {words.start}
    </Link>
  );
}

function commandOf(state: RunView["state"]): RunCommand | null {
  switch (state) {
    case "queued":
    case "starting":
    case "running":
      return "stop";
    case "paused":
      return "resume";
    default:
      return null;
  }
}

function Command({ run }: { readonly run: RunView }) {
  const command = useCommand(run.id);
  const what = commandOf(run.state);
  if (what === null) return <span />;
  const label = what === "stop" ? words.stop : words.resume;
  const asked = what === "stop" ? messages.control.stopping : messages.control.resuming;
  return (
    <Button
      size="xs"
      leftSection={<Icon name={what === "stop" ? "stop" : "play"} size={16} />}
      aria-disabled={command.isPending}
      onClick={() => {
        if (!command.isPending) command.mutate(what);
      }}
    >
      {command.isPending ? asked : label}
    </Button>
  );
}
