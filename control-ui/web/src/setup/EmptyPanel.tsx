// Before the first run: what will be seen here.
import { messages } from "../messages";
import { Card } from "../ui/Card";

const words = messages.empty;

export function EmptyPanel() {
  return (
    <Card title={words.title} className="tf-prose">
      <p>{words.lead}</p>
      <ul>
        {words.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p className="tf-muted">{words.truth}</p>
    </Card>
  );
}
