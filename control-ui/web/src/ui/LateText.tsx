// Says that something is being fetched, but only when it takes long enough to be noticed (300 ms).
import { useEffect, useState, type ReactNode } from "react";

export function LateText({ children }: { readonly children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return <p className="tf-muted">{late ? children : "\u00a0"}</p>;
}
