// Instead of a page that failed: what happened, and the ways on. The frame around it goes on working.
import type { ReactNode } from "react";
import { Button } from "@mantine/core";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { messages } from "../messages";
import { Notice } from "../ui/Notice";
import { PageHead } from "./PageHead";

const words = messages.frame;

export function BrokenPage({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  return (
    <>
      <PageHead title={words.broken} />
      <Notice tone="bad" alert>
        <p>{words.brokenWhy}</p>
        <p>
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </p>
      </Notice>
      <div>
        <Button
          onClick={() => {
            reset();
            void router.invalidate();
          }}
        >
          {words.again}
        </Button>
      </div>
    </>
  );
}
