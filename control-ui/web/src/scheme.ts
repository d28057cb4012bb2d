// The colour scheme. It is set before the first paint from here, because an inline script would break the content
// security policy. The choice is the only thing that this page keeps in the browser's storage.
import { localStorageColorSchemeManager, type MantineColorScheme } from "@mantine/core";

export const schemeManager = localStorageColorSchemeManager({ key: "trafficinator-colour-scheme" });

export function applyScheme(scheme: MantineColorScheme): void {
  const dark = scheme === "dark" || (scheme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
}
