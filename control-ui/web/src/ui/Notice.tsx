// A sentence or two that somebody should read, with an icon and a colour that agree with it.
import type { ReactNode, Ref } from "react";
import { Icon, type IconName } from "./Icon";
import classes from "./Notice.module.css";

export type NoticeTone = "info" | "good" | "warn" | "bad";

const icons: Record<NoticeTone, IconName> = { info: "info", good: "check", warn: "warning", bad: "warning" };

interface Props {
  readonly tone: NoticeTone;
  readonly title?: string | undefined;
  readonly children: ReactNode;
  /** Read out as soon as it appears. */
  readonly alert?: boolean;
  readonly ref?: Ref<HTMLDivElement>;
}

export function Notice({ tone, title, children, alert = false, ref }: Props) {
  return (
    <div ref={ref} tabIndex={-1} className={`${classes.notice} ${classes[tone]}`} role={alert ? "alert" : undefined}>
      <span className={classes.icon}>
        <Icon name={icons[tone]} />
      </span>
      <div className={classes.body}>
        {title !== undefined && <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
