// A few visits as a story: who comes, from where, and what they do.
import { messages } from "../messages";
import { Card } from "../ui/Card";
import classes from "./Preview.module.css";

const words = messages.preview;

export function StoriesCard({ stories }: { readonly stories: readonly (readonly string[])[] }) {
  return (
    <Card title={words.stories}>
      <div className={classes.stories}>
        {stories.map((lines, number) => (
          <section key={lines.join("\n")} aria-label={words.story(number + 1)}>
            <h3>{words.story(number + 1)}</h3>
            <ol>
              {lines.map((line, at) => (
                <li key={`${String(at)} ${line}`}>{line}</li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </Card>
  );
}
