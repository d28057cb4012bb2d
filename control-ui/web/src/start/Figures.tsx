// What the chosen configuration means in numbers, and what the server finds worth knowing about it.
import { formatCount, formatRate, sentence } from "../format";
import type { Validation } from "../api/types";
import { messages, TRIAL_VISITS } from "../messages";
import type { Size } from "./form";
import classes from "./Start.module.css";
import type { Estimate } from "./StartForm";

const words = messages.start;

interface Props {
  readonly estimate: Estimate;
  readonly size: Size;
}

export function Figures({ estimate, size }: Props) {
  const figures = estimate.kind === "known" ? estimate.check.figures : null;
  const warnings = estimate.kind === "known" ? estimate.check.warnings : [];
  return (
    <div className={classes.figures}>
      <h3>{words.figures}</h3>
      {figures ? <Numbers figures={figures} size={size} /> : <p>{insteadOf(estimate)}</p>}
      {warnings.length > 0 && (
        <>
          <h3>{words.warnings}</h3>
          <ul>
            {warnings.map((warning) => (
              <li key={warning.pointer + warning.code}>{sentence(warning.message)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function insteadOf(estimate: Estimate): string {
  switch (estimate.kind) {
    case "loading":
      return words.loadingFigures;
    case "failed":
      return estimate.message;
    case "known":
      return words.checkFailed;
  }
}

function Numbers({ figures, size }: { readonly figures: NonNullable<Validation["figures"]>; readonly size: Size }) {
  const { visits_per_second: visits, hits_per_second_estimate: hits } = figures;
  const trialHits = hits === null || visits === 0 ? null : (TRIAL_VISITS * hits) / visits;
  const numbers: readonly (readonly [string, string])[] =
    size === "trial"
      ? [
          [words.trialVisits, formatCount(TRIAL_VISITS)],
          [words.figuresHits, formatCount(trialHits)],
        ]
      : [
          [words.figuresRate, formatRate(visits, "visits")],
          [words.figuresHits, formatRate(hits, "hits")],
          [words.figuresPerDay, formatCount(figures.hits_per_day_estimate)],
        ];
  return (
    <dl>
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
