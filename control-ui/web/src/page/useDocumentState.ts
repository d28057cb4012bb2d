// The tab: its title says what is on, the dot of its icon whether all is well.
import { useEffect } from "react";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { lookOfRun } from "../run/state";

function iconOf(run: RunView | undefined): string {
  if (!run) return "favicon.svg";
  if (run.state === "failed" || run.state === "lost" || run.loader_state?.state === "target_down")
    return "favicon-trouble.svg";
  return run.state === "running" ? "favicon-running.svg" : "favicon.svg";
}

export function useDocumentState(run: RunView | undefined): void {
  const title = run ? `${lookOfRun(run.state).word} · ${run.target.host} · ${messages.product}` : messages.product;
  const icon = iconOf(run);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.getElementById("favicon")?.setAttribute("href", `./${icon}`);
  }, [icon]);
}
