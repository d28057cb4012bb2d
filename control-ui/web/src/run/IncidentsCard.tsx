// What a person should know, newest first.
import type { Incident } from "../api/types";
import { formatClock, sentence, zoneName } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { StateWord } from "../ui/StateWord";
import classes from "./IncidentsCard.module.css";
import type { Look } from "./state";

const words = messages.incidents;
/** More are kept by the server; the log has them, too. */
const SHOWN = 8;

const looks: Record<Incident["severity"], Look> = {
  info: { word: words.severities.info, icon: "info", tone: "neutral" },
  warning: { word: words.severities.warning, icon: "warning", tone: "warn" },
  error: { word: words.severities.error, icon: "warning", tone: "bad" },
};

export function IncidentsCard({ incidents }: { readonly incidents: readonly Incident[] }) {
  const shown = incidents.slice(-SHOWN).reverse();
  const earlier = incidents.length - shown.length;
  return (
    <Card title={words.title} aside={shown.length > 0 && <span className="tf-muted">{zoneName()}</span>}>
      {shown.length === 0 && <p className="tf-muted">{words.none}</p>}
      <ul className={classes.list}>
        {shown.map((incident) => (
          <li key={`${incident.at} ${incident.code} ${incident.message}`}>
            <time dateTime={incident.at}>{formatClock(incident.at)}</time>
            <StateWord look={looks[incident.severity]} />
            <span className={classes.text}>{sentence(incident.message)}</span>
          </li>
        ))}
      </ul>
      {earlier > 0 && <p className="tf-muted">{words.earlier(earlier)}</p>}
    </Card>
  );
}
