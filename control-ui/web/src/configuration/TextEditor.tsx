// The draft as text. The form follows as soon as the text can be read; until then it keeps what it shows.
import { SegmentedControl, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { configurationApi } from "./api";
import classes from "./Configuration.module.css";
import { offsetAt } from "./place";
import { problemText } from "./problems";
import { configurationKeys } from "./queries";
import type { JsonObject, TextFormat, TextProblem } from "./types";

const words = messages.configuration.text;
const PAUSE_MS = 400;
type Shown = Extract<TextFormat, "toml" | "json">;

interface Props {
  readonly config: JsonObject;
  readonly onConfig: (config: JsonObject) => void;
}

export function TextEditor({ config, onConfig }: Props) {
  const [format, setFormat] = useState<Shown>("toml");
  // The text is made once for each format; afterwards it is the person's.
  const [begun, setBegun] = useState({ format, config });
  const made = useQuery({
    queryKey: configurationKeys.text(JSON.stringify(begun)),
    queryFn: () => configurationApi.writeText(begun.config, begun.format),
    gcTime: 0,
  });
  return (
    <div className={classes.text}>
      <SegmentedControl<Shown>
        aria-label={words.format}
        className={classes.start}
        data={[
          { value: "toml", label: words.toml },
          { value: "json", label: words.json },
        ]}
        value={format}
        transitionDuration={0}
        onChange={(next) => {
          setFormat(next);
          setBegun({ format: next, config });
        }}
      />
      {made.isError && (
        <Notice tone="bad" title={words.failed}>
          <p>{made.error.message}</p>
        </Notice>
      )}
      {made.data && <Typed key={JSON.stringify(begun)} begun={made.data.text} format={format} onConfig={onConfig} />}
    </div>
  );
}

interface TypedProps {
  readonly begun: string;
  readonly format: Shown;
  readonly onConfig: (config: JsonObject) => void;
}

function Typed({ begun, format, onConfig }: TypedProps) {
  const [text, setText] = useState(begun);
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const area = useRef<HTMLTextAreaElement>(null);
  const found = useQuery({
    queryKey: configurationKeys.text(`${format}:${asked}`),
    queryFn: () => configurationApi.readText(asked, format),
    enabled: asked !== begun,
    gcTime: 0,
  });
  const read = asked === begun ? undefined : found.data;
  useEffect(() => {
    if (read?.problems.length === 0) onConfig(read.config);
  }, [read, onConfig]);
  const problems = read?.problems ?? [];
  const show = ({ line, column }: TextProblem) => {
    const at = offsetAt(text, line ?? 1, column);
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  };
  return (
    <>
      <Textarea
        ref={area}
        label={words.label}
        description={words.help}
        ff="monospace"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        aria-invalid={problems.length > 0 ? true : undefined}
        error={problems.length > 0 ? words.problems(problems.length) : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      {found.isError && <Notice tone="bad">{found.error.message}</Notice>}
      {read?.secrets_removed === true && <Notice tone="warn">{words.secretsRemoved}</Notice>}
      {problems.length > 0 && (
        <Notice tone="bad">
          <p>{words.unread}</p>
          <ul className={classes.list}>
            {problems.map((problem) => (
              <li key={`${problem.pointer} ${problem.code} ${problem.line ?? ""} ${problem.message}`}>
                {problem.line !== null && (
                  <button
                    type="button"
                    className="tf-link"
                    onClick={() => {
                      show(problem);
                    }}
                  >
                    {problem.column === null ? words.atLine(problem.line) : words.at(problem.line, problem.column)}
                  </button>
                )}{" "}
                {problemText(problem)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
