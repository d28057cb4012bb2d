// The connection test of the target that the form names, folded until somebody wants it.
import { ConnectionCheck } from "../connection/ConnectionCheck";
import { messages } from "../messages";
import { configOf, usesPractice } from "./form";
import classes from "./Start.module.css";
import type { StartFormProps } from "./StartForm";

export function TargetTest({ values, practice }: Pick<StartFormProps, "values" | "practice">) {
  const { source, preset, url, siteId, token } = values;
  const fromSaved = source === "configuration";
  const config = () => configOf({ url, siteId, token, off: {} });
  return (
    <details className={classes.more}>
      <summary>{messages.start.checkTarget}</summary>
      <div className={classes.moreFields}>
        <ConnectionCheck
          // Says whether there is a token, not which.
          about={JSON.stringify(fromSaved ? [source] : [source, url, siteId, token.trim() !== ""])}
          request={() =>
            fromSaved
              ? { use_configuration: true }
              : { preset, config: config(), use_practice_target: usesPractice(values, practice) }
          }
        />
      </div>
    </details>
  );
}
