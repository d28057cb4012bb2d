// A button that opens a small panel beside it. The panel closes with Escape, with a press elsewhere, when the focus
// leaves it, and when a link in it was followed.
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import classes from "./Disclosure.module.css";

interface Props {
  readonly label: ReactNode;
  readonly children: ReactNode;
  readonly side?: "below" | "above";
  readonly className?: string | undefined;
}

export function Disclosure({ label, children, side = "below", className }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const chosen = (event: Event) => {
      const inside = event.target instanceof Element && box.current?.contains(event.target);
      if (inside && event.target.closest("a")) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("click", chosen);
    document.addEventListener("focusin", away);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("click", chosen);
      document.removeEventListener("focusin", away);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  return (
    <div ref={box} className={`${classes.box} ${className ?? ""}`}>
      <button
        ref={button}
        type="button"
        className={classes.button}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {label}
      </button>
      {open && (
        <div id={id} className={classes.panel} data-side={side}>
          {children}
        </div>
      )}
    </div>
  );
}
