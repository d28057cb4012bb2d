// What the draft means, in words: what is wrong, what follows from it, what is worth knowing.
import { InsecureNotice } from "../connection/InsecureNotice";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Icon } from "../ui/Icon";
import classes from "./Configuration.module.css";
import type { Field } from "./fields";
import { ProblemList } from "./ProblemList";
import type { Check } from "./types";

const words = messages.configuration.side;

interface Props {
  readonly check: Check | undefined;
  readonly failed: boolean;
  /** It is about the draft as it stands now, not about an earlier one. */
  readonly isCurrent: boolean;
  readonly fields: readonly Field[];
}

export function Meaning({ check, failed, isCurrent, fields }: Props) {
  return (
    <Card title={words.title}>
      <div className={classes.meaning} data-old={isCurrent ? undefined : ""}>
        {check ? (
          <Found check={check} fields={fields} />
        ) : (
          <p className="tf-muted">{failed ? words.failed : words.loading}</p>
        )}
      </div>
    </Card>
  );
}

function Found({ check, fields }: { readonly check: Check; readonly fields: readonly Field[] }) {
  const problems = check.problems.length;
  return (
    <>
      <p className={classes.verdict} data-bad={problems > 0 ? "" : undefined} role="status">
        <Icon name={problems > 0 ? "warning" : "check"} size={16} />
        {problems > 0 ? words.problems(problems) : words.fine}
      </p>
      {check.warnings.some(({ code }) => code === "insecure") && <InsecureNotice />}
      {problems > 0 && <ProblemList problems={check.problems} fields={fields} />}
      {check.consequences.length > 0 && (
        <ul className={classes.consequences}>
          {check.consequences.map(({ code, text }) => (
            <li key={code}>{text}</li>
          ))}
        </ul>
      )}
      {check.warnings.length > 0 && (
        <>
          <h3>{words.warnings}</h3>
          <ProblemList problems={check.warnings} fields={fields} />
        </>
      )}
    </>
  );
}
