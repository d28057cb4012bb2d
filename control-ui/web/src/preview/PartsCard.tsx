// Parts of the visits as bars: channels, countries, devices.
import { formatShare } from "../format";
import { messages } from "../messages";
import { BarList } from "../ui/BarList";
import { Card } from "../ui/Card";
import type { Preview } from "./queries";

const words = messages.preview;

interface Props {
  readonly title: string;
  readonly parts: Preview["channels"];
  /** Words for names that are codes. */
  readonly nameOf?: (code: string) => string;
  /** Said when there is none. */
  readonly none?: string;
}

export function PartsCard({ title, parts, nameOf = (name) => name, none = messages.unknown }: Props) {
  return (
    <Card title={title}>
      {parts.length === 0 && <p className="tf-muted">{none}</p>}
      <BarList
        label={title}
        bars={parts.map(({ name, share }) => ({
          key: name ?? "",
          name: name === null ? words.rest : nameOf(name),
          size: share,
          figure: formatShare(share, 1),
        }))}
      />
    </Card>
  );
}
