// The heading of a page. It names the tab and takes the focus when the page was reached from another one, so that a
// reader hears where they are.
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { messages } from "../messages";
import { lookOfLoader } from "../run/state";
import { KEEPS_FOCUS } from "../ui/toasts";
import classes from "./PageHead.module.css";
import { useFrame } from "./useFrame";

interface Props {
  readonly title: string;
  /** A sentence below the heading. */
  readonly lead?: ReactNode;
  /** Buttons and links beside it. */
  readonly aside?: ReactNode;
}

/** The path whose heading was shown last; the first page of all leaves the focus to the browser. */
let lastPath: string | null = null;

export function PageHead({ title, lead, aside }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The address is new before the page is; this one changes with the page.
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname ?? null });
  const { active } = useFrame();
  const tab = [active && lookOfLoader(active).word, title, messages.product].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = tab;
  }, [tab]);
  useEffect(() => {
    if (path === null) return;
    const from = lastPath;
    lastPath = path;
    // An Undo that just took the focus keeps it: the page changed because of what can be undone.
    const undoing = document.activeElement?.closest(`[${KEEPS_FOCUS}]`) != null;
    if (from !== null && from !== path && !undoing) heading.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <div className={classes.lead}>{lead}</div>}
      </div>
      {aside !== undefined && <div className={classes.aside}>{aside}</div>}
    </div>
  );
}
