// Hits that were answered OK, by kind.
import { formatCount } from "../format";
import { messages } from "../messages";
import { BarList } from "../ui/BarList";
import { Card } from "../ui/Card";

const words = messages.kinds;

export function KindsCard({ byKind }: { readonly byKind: Readonly<Record<string, number>> }) {
  const kinds = Object.entries(byKind).sort(([, a], [, b]) => b - a);
  return (
    <Card title={words.title} aside={<span className="tf-muted">{words.note}</span>}>
      {kinds.length === 0 && <p className="tf-muted">{words.none}</p>}
      <BarList
        label={words.title}
        bars={kinds.map(([kind, hits]) => ({
          key: kind,
          name: words.names[kind] ?? kind,
          size: hits,
          figure: formatCount(hits),
        }))}
      />
    </Card>
  );
}
