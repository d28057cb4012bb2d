// Asks a loader whether the target can be used, and shows what it found.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { formatDuration, sentence } from "../format";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { useNow } from "../ui/useNow";
import { connectionApi } from "./api";
import classes from "./Connection.module.css";
import { Findings } from "./Findings";
import { TokenTable } from "./TokenTable";
import type { ConnectionRequest } from "./types";

const words = messages.connectionTest;

interface Props {
  /** What is asked; held by nobody but the request, because it may carry a token. */
  readonly request: () => ConnectionRequest;
  /** Changes with the target, so that an earlier answer is known to be about another one. */
  readonly about: string;
}

export function ConnectionCheck({ request, about }: Props) {
  const [writesHit, setWritesHit] = useState(false);
  const hitId = useId();
  const test = useMutation({
    mutationFn: async (writeHit: boolean) => ({
      about,
      // Made here, so that no token stays among the variables of the mutation.
      found: await connectionApi.test({ ...request(), write_hit: writeHit }),
    }),
  });
  const outdated = test.data !== undefined && test.data.about !== about;
  return (
    <div className={classes.check}>
      <p className="tf-muted">{words.lead}</p>
      <div className={classes.ask}>
        <Button
          variant="default"
          aria-disabled={test.isPending}
          onClick={() => {
            if (!test.isPending) test.mutate(writesHit);
          }}
        >
          {words.test}
        </Button>
        <label className={classes.hit} htmlFor={hitId}>
          <input
            type="checkbox"
            id={hitId}
            checked={writesHit}
            aria-describedby={`${hitId}-help`}
            onChange={(event) => {
              setWritesHit(event.currentTarget.checked);
            }}
          />
          <span>
            {words.writeHit}
            <small id={`${hitId}-help`}>{words.writeHitHelp}</small>
          </span>
        </label>
      </div>
      <div role="status" className={classes.answer}>
        {test.isPending && <Waiting since={test.submittedAt} />}
        {test.isSuccess && (
          <>
            {outdated && <Notice tone="info">{words.outdated}</Notice>}
            <Findings found={test.data.found} old={outdated} />
          </>
        )}
      </div>
      {test.error && (
        <Notice tone="bad" title={words.failedTitle} alert>
          <p>{sentence(test.error.message)}</p>
        </Notice>
      )}
      <TokenTable />
    </div>
  );
}

function Waiting({ since }: { readonly since: number }) {
  const now = useNow();
  return (
    <p className="tf-muted">
      <span aria-hidden="true">{words.testing(formatDuration(now - since))} </span>
      {words.testingNote}
    </p>
  );
}
