// Names with a bar and a figure each, the largest first as it comes.
import classes from "./BarList.module.css";

export interface Bar {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly figure: string;
}

export function BarList({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(0, ...bars.map(({ size }) => size));
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map(({ key, name, size, figure }) => (
        <li key={key}>
          <span>{name}</span>
          <span className={classes.track} aria-hidden="true">
            <span style={{ width: `${most === 0 ? 0 : (100 * size) / most}%` }} />
          </span>
          <span className={classes.figure}>{figure}</span>
        </li>
      ))}
    </ul>
  );
}
