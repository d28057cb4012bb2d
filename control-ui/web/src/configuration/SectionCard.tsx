// A group of settings; the advanced ones are folded until somebody asks for them or has set one.
import { useState } from "react";
import { messages } from "../messages";
import { HelpText } from "../ui/HelpText";
import classes from "./Configuration.module.css";
import type { Field, Section } from "./fields";

const words = messages.configuration;

interface Props {
  readonly section: Section;
  /** Everything is shown while settings are searched. */
  readonly unfolded: boolean;
  /** Whether a field must not stay hidden: it is set here, or something is wrong with it. */
  readonly stands: (field: Field) => boolean;
  readonly children: (field: Field) => React.ReactNode;
}

export function SectionCard({ section, unfolded, stands, children }: Props) {
  const plain = section.fields.filter(({ advanced }) => unfolded || !advanced);
  const advanced = section.fields.filter((field) => !unfolded && field.advanced);
  const [open, setOpen] = useState(() => advanced.some(stands));
  const titleId = `${section.id}-title`;
  return (
    <section className={classes.section} aria-labelledby={titleId}>
      <h2 id={section.id} tabIndex={-1} className={classes.sectionTitle}>
        <span id={titleId}>{section.title}</span>
      </h2>
      {section.help !== null && section.help.replace(/\.$/, "") !== section.title && (
        <p className={classes.sectionHelp}>
          <HelpText text={section.help} />
        </p>
      )}
      <div className={classes.fields}>{plain.map(children)}</div>
      {advanced.length > 0 && (
        <details
          className={classes.advanced}
          open={open}
          onToggle={(event) => {
            setOpen(event.currentTarget.open);
          }}
        >
          <summary>{words.advanced(advanced.length)}</summary>
          <div className={classes.fields}>{advanced.map(children)}</div>
        </details>
      )}
    </section>
  );
}
