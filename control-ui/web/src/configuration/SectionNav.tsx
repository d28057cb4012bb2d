// The ways to the sections: a list beside the form, or a choice where there is no room for one.
import { NativeSelect } from "@mantine/core";
import { messages } from "../messages";
import classes from "./Configuration.module.css";
import type { Section } from "./fields";
import { reveal, revealTarget } from "./reveal";

const words = messages.configuration;

interface Props {
  readonly sections: readonly Section[];
  readonly problemsIn: (section: Section) => number;
}

export function SectionNav({ sections, problemsIn }: Props) {
  return (
    <>
      <nav className={classes.nav} aria-label={words.sections}>
        <ul>
          {sections.map((section) => {
            const problems = problemsIn(section);
            return (
              <li key={section.id}>
                <a href={`#${section.id}`} onClick={revealTarget}>
                  {section.title}
                </a>
                {problems > 0 && <span className={classes.navProblems}>{words.side.problems(problems)}</span>}
              </li>
            );
          })}
        </ul>
      </nav>
      <NativeSelect
        className={classes.jump}
        aria-label={words.toSection}
        value=""
        data={[
          { value: "", label: words.toSection },
          ...sections.map(({ id, title }) => ({ value: id, label: title })),
        ]}
        onChange={(event) => {
          reveal(event.currentTarget.value);
        }}
      />
    </>
  );
}
