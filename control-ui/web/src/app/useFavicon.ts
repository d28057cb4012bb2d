// The dot of the tab's icon says whether traffic is on and well.
import { useEffect } from "react";
import { basePath } from "../api/client";
import type { RunView } from "../api/types";
import { useFrame } from "./useFrame";

function iconOf(run: RunView | undefined): string {
  if (!run) return "favicon.svg";
  if (run.loader_state?.state === "target_down") return "favicon-trouble.svg";
  return run.state === "running" ? "favicon-running.svg" : "favicon.svg";
}

export function useFavicon(): void {
  const { active } = useFrame();
  const icon = iconOf(active);
  useEffect(() => {
    document.getElementById("favicon")?.setAttribute("href", `${basePath}/${icon}`);
  }, [icon]);
}
