// A fact, and below it why it is so.
import { sentence } from "../format";
import classes from "./Backfill.module.css";

interface Props {
  readonly value: string;
  readonly why: string | null;
}

export function WithWhy({ value, why }: Props) {
  return (
    <>
      {value}
      {why !== null && why !== "" && <span className={classes.why}>{sentence(why)}</span>}
    </>
  );
}
