// Hits that were answered OK, by kind.
import { formatCount } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import classes from "./KindsCard.module.css";

const words = messages.kinds;

export function KindsCard({ byKind }: { readonly byKind: Readonly<Record<string, number>> }) {
  const kinds = Object.entries(byKind).sort(([, a], [, b]) => b - a);
  const most = kinds[0]?.[1] ?? 0;
  return (
    <Card title={words.title} aside={<span className="tf-muted">{words.note}</span>}>
      {kinds.length === 0 && <p className="tf-muted">{words.none}</p>}
      <ul className={classes.kinds}>
        {kinds.map(([kind, hits]) => (
          <li key={kind}>
            <span>{words.names[kind] ?? kind}</span>
            <span className={classes.track} aria-hidden="true">
              <span style={{ width: `${most === 0 ? 0 : (100 * hits) / most}%` }} />
            </span>
            <span className={classes.hits}>{formatCount(hits)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
