// A state as icon and word; the colour only repeats what the word says.
import type { Look } from "../run/state";
import { Icon } from "./Icon";
import classes from "./StateWord.module.css";
import tones from "./tone.module.css";

export function StateWord({ look, detail }: { readonly look: Look; readonly detail?: string | undefined }) {
  return (
    <span className={classes.state}>
      <span className={`${classes.sign} ${tones[look.tone]}`}>
        <Icon name={look.icon} size={16} />
        {look.word}
      </span>
      {detail !== undefined && detail !== "" && <span className={classes.detail}>{detail}</span>}
    </span>
  );
}
