import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { refresh } from "./refresh";

const queryKey = ["list"];

test("an answer from before a change never stands for the time after it", async () => {
  const client = new QueryClient();
  const answers: ((list: string[]) => void)[] = [];
  const queryFn = () =>
    new Promise<string[]>((resolve) => {
      answers.push(resolve);
    });
  const observer = new QueryObserver(client, { queryKey, queryFn });
  const stop = observer.subscribe(() => undefined);
  expect(answers).toHaveLength(1);
  const refreshed = refresh(client, { queryKey });
  await vi.waitFor(() => {
    expect(answers).toHaveLength(2);
  });
  answers[0]?.(["before"]);
  answers[1]?.(["before", "made"]);
  await refreshed;
  expect(observer.getCurrentResult().data).toEqual(["before", "made"]);
  expect(observer.getCurrentResult().fetchStatus).toBe("idle");
  stop();
});

test("a list that was read is shown until the new one is there", async () => {
  const client = new QueryClient();
  client.setQueryData(queryKey, ["old"]);
  const queryFn = vi.fn(() => Promise.resolve(["new"]));
  const observer = new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity });
  const stop = observer.subscribe(() => undefined);
  const refreshed = refresh(client, { queryKey });
  expect(observer.getCurrentResult().data).toEqual(["old"]);
  await refreshed;
  expect(observer.getCurrentResult().data).toEqual(["new"]);
  stop();
});
