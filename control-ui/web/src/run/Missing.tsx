// What a run still needs before it may go on or begin again: its token, its target confirmed, or the word that its
// visits come beside those that are there. Shows nothing when something else is wrong.
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type SyntheticEvent } from "react";
import { ApiError } from "../api/problem";
import type { Given } from "../api/runs";
import type { Problem, RunView, Schemas } from "../api/types";
import { Continue, Held } from "../backfill/Held";
import { ConfirmTarget } from "../confirm/ConfirmTarget";
import { NOTHING_GIVEN, typedProblem } from "../confirm/confirm";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { SecretInput } from "../ui/SecretInput";
import classes from "./Missing.module.css";

const words = messages.missing;
const overlapWords = messages.backfill.overlap;

interface Props {
  readonly error: Error | null;
  readonly pending: boolean;
  readonly onGive: (given: Given) => void;
}

function problemIn(error: Error | null): Problem | null {
  return error instanceof ApiError ? error.problem : null;
}

/** Whether what is missing says by itself what is wrong. */
export function saysItself(error: Error | null): boolean {
  return problemIn(error)?.code === "backfill.overlap";
}

export function Missing({ error, pending, onGive }: Props) {
  const problem = problemIn(error);
  const navigate = useNavigate();
  const open = ({ id }: RunView) => void navigate({ to: "/runs/$id", params: { id } });
  const give = (given: Given) => {
    if (!pending) onGive(given);
  };
  switch (problem?.code) {
    case "run.token_needed":
      return <TokenForm pending={pending} onGive={give} />;
    case "target.unconfirmed":
      return problem.confirmation ? (
        <HostForm confirmation={problem.confirmation} pending={pending} onGive={give} />
      ) : null;
    case "backfill.overlap":
      return (
        <Notice tone="warn" title={overlapWords.title} alert>
          <ul className={classes.held}>
            {problem.overlaps?.map((overlap) => (
              <li key={overlap.run}>
                <Held overlap={overlap} />
                {overlap.can_continue && <Continue run={overlap.run} name={overlap.name} onDone={open} />}
              </li>
            ))}
          </ul>
          <div className={classes.ways}>
            <Button
              size="xs"
              aria-disabled={pending}
              onClick={() => {
                give({ overlap: "add" });
              }}
            >
              {overlapWords.add}
            </Button>
            <Link to="/backfill" className="tf-quiet">
              {overlapWords.other}
            </Link>
          </div>
        </Notice>
      );
    default:
      return null;
  }
}

interface FormProps {
  readonly pending: boolean;
  readonly onGive: (given: Given) => void;
}

function TokenForm({ pending, onGive }: FormProps) {
  const [token, setToken] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (token.trim() !== "") onGive({ token: token.trim() });
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate autoComplete="off">
      <SecretInput
        label={words.token}
        description={words.tokenHelp}
        error={tried && token.trim() === "" ? words.tokenEmpty : null}
        autoComplete="off"
        data-1p-ignore
        data-lpignore="true"
        value={token}
        onChange={(event) => {
          setToken(event.currentTarget.value);
        }}
      />
      <Button type="submit" variant="default" aria-disabled={pending}>
        {words.withToken}
      </Button>
    </form>
  );
}

interface HostProps extends FormProps {
  readonly confirmation: Schemas["Confirmation"];
}

function HostForm({ confirmation, pending, onGive }: HostProps) {
  const [given, setGiven] = useState(NOTHING_GIVEN);
  const [tried, setTried] = useState(false);
  const problem = typedProblem(confirmation, given.typed);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) onGive({ confirm_target: given.typed.trim() });
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate autoComplete="off">
      <ConfirmTarget
        confirmation={confirmation}
        given={given}
        problems={{ typed: tried ? problem : null, budget: null }}
        onChange={setGiven}
      />
      <Button type="submit" variant="default" aria-disabled={pending}>
        {words.confirmed}
      </Button>
    </form>
  );
}
