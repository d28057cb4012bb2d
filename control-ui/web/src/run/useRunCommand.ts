// Stop, pause and resume of one run; what resume still needs is given and kept until it is done.
import { useState } from "react";
import type { RunCommand } from "../api/client";
import { useCommand, useResume } from "../api/queries";
import type { Given } from "../api/runs";

export function useRunCommand(id: string) {
  const command = useCommand(id);
  const resume = useResume(id);
  const [given, setGiven] = useState<Given>({});
  const resumeWith = (more: Given) => {
    const all = { ...given, ...more };
    setGiven(all);
    command.reset();
    resume.mutate(all, {
      onSuccess: () => {
        setGiven({});
      },
    });
  };
  return {
    pending: resume.isPending ? "resume" : command.isPending ? command.variables : null,
    error: command.error ?? resume.error,
    ask: (asked: RunCommand) => {
      if (asked === "resume") {
        resumeWith({});
        return;
      }
      resume.reset();
      command.mutate(asked);
    },
    resumeWith,
  } as const;
}
