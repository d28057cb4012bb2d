// A titled region of the page.
import { useId, type ReactNode } from "react";
import classes from "./Card.module.css";

interface Props {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

export function Card({ title, aside, children, className }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={className ? `${classes.card} ${className}` : classes.card}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
