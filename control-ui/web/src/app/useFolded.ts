// Whether the rail shows icons alone. Kept in the browser, as the colour scheme is.
import { useState } from "react";

const KEY = "trafficinator-rail";

export function useFolded(): readonly [boolean, () => void] {
  const [folded, setFolded] = useState(() => localStorage.getItem(KEY) === "folded");
  const toggle = () => {
    localStorage.setItem(KEY, folded ? "open" : "folded");
    setFolded(!folded);
  };
  return [folded, toggle];
}
