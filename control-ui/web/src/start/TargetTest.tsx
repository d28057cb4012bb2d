// The connection test of the target that the form names, folded until somebody wants it.
import { ConnectionCheck } from "../connection/ConnectionCheck";
import { messages } from "../messages";
import { configOf } from "./form";
import classes from "./Start.module.css";
import type { StartFormProps } from "./StartForm";

const words = messages.start;

interface Props extends Pick<StartFormProps, "values"> {
  /** The control plane holds a token for this target that the test does not have. */
  readonly tokenHeld: boolean;
}

export function TargetTest({ values, tokenHeld }: Props) {
  const { source, preset, url, siteId, token } = values;
  const fromSaved = source === "configuration";
  return (
    <details className={classes.more}>
      <summary>{words.checkTarget}</summary>
      <div className={classes.moreFields}>
        {tokenHeld && <p className="tf-muted">{words.checkWithoutToken}</p>}
        <ConnectionCheck
          // Says whether there is a token, not which.
          about={JSON.stringify(fromSaved ? [source] : [source, url, siteId, token.trim() !== ""])}
          request={() =>
            fromSaved ? { use_configuration: true } : { preset, config: configOf({ url, siteId, token, off: {} }) }
          }
        />
      </div>
    </details>
  );
}
