// Before the first run: what will be seen here.
import { Link } from "@tanstack/react-router";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Icon } from "../ui/Icon";

const words = messages.empty;

/** `start`: with the way to the form, where it is not on the page itself. */
export function EmptyPanel({ start = false }: { readonly start?: boolean }) {
  return (
    <Card title={words.title} className="tf-prose">
      <p>{words.lead}</p>
      <ul>
        {words.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p className="tf-muted">{words.truth}</p>
      {start && (
        <p>
          <Link to="/setup" className="tf-quiet">
            <Icon name="play" size={16} />
            {words.start}
          </Link>
        </p>
      )}
    </Card>
  );
}
