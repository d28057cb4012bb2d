// What was just done, and the way back. It takes the focus, because the control that did it may be gone.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import classes from "./Presets.module.css";
import type { PresetActions } from "./usePresetActions";

const words = messages.presets;

export function DoneNotice({ actions }: { readonly actions: PresetActions }) {
  const { last, problem, undo } = actions;
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (last !== null || problem !== null) notice.current?.focus();
  }, [last, problem]);
  if (problem !== null) {
    return (
      <Notice ref={notice} tone="bad" title={words.failed} alert>
        <p>{problem.text}</p>
        {problem.errors.length > 0 && (
          <ul>
            {problem.errors.map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
        )}
      </Notice>
    );
  }
  if (last === null) return null;
  return (
    <Notice ref={notice} tone="good" alert>
      <div className={classes.done}>
        <p>{last.text}</p>
        {last.toConfiguration && <Link to="/configuration">{words.toConfiguration}</Link>}
        {last.undo && (
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              if (last.undo) void undo(last.undo);
            }}
          >
            {words.undo}
          </Button>
        )}
      </div>
    </Notice>
  );
}
