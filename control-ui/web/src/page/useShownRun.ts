// Which run the page shows: the one that the address names (?run=…), else the newest that has not ended.
import { useCallback, useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed);
  return () => {
    window.removeEventListener("popstate", changed);
  };
}

function runInAddress(): string | null {
  return new URLSearchParams(window.location.search).get("run");
}

export function useRunInAddress(): readonly [string | null, (id: string | null) => void] {
  const id = useSyncExternalStore(subscribe, runInAddress);
  const show = useCallback((next: string | null) => {
    if (next === runInAddress()) return;
    const address = new URL(window.location.href);
    if (next === null) address.searchParams.delete("run");
    else address.searchParams.set("run", next);
    window.history.pushState(null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, []);
  return [id, show];
}
