// Every run, newest first; the filter is in the address.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useSearchOf } from "../app/search";
import { useRunList } from "../api/runs";
import { messages } from "../messages";
import { Missing, saysItself } from "../run/Missing";
import { Failure } from "../settings/Failure";
import { Card } from "../ui/Card";
import { LateText } from "../ui/LateText";
import { groups, runSearchIn, statesOf, type RunSearch } from "./groups";
import { RunsTable } from "./RunsTable";
import classes from "./RunsPage.module.css";
import { useRowActions } from "./useRowActions";

const words = messages.runs;

export default function RunsPage(): ReactNode {
  const [search, setSearch] = useSearchOf(runSearchIn);
  const { state, text } = search;
  const list = useRunList({ states: statesOf(state), text });
  const actions = useRowActions();
  const runs = list.data?.pages.flatMap((page) => page.runs);
  const isFiltered = state !== undefined || text !== undefined;
  const look = (next: RunSearch) => {
    setSearch({ ...search, ...next });
  };
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      {!saysItself(actions.error) && <Failure error={list.error ?? actions.error} />}
      <Missing error={actions.error} pending={actions.pending} onGive={actions.giveMore} />
      <Card title={words.all}>
        <div className={classes.tools}>
          <NativeSelect
            label={words.state}
            value={state ?? ""}
            data={[
              { value: "", label: words.anyState },
              ...groups.map((group) => ({ value: group, label: words.groups[group] })),
            ]}
            onChange={(event) => {
              look({ state: groups.find((group) => group === event.currentTarget.value) });
            }}
          />
          <TextInput
            className={classes.text}
            label={words.search}
            description={words.searchHelp}
            type="search"
            value={text ?? ""}
            onChange={(event) => {
              const sought = event.currentTarget.value;
              look({ text: sought === "" ? undefined : sought });
            }}
          />
        </div>
        {list.isPending && <LateText>{messages.loading}</LateText>}
        {runs?.length === 0 &&
          (isFiltered ? (
            <p className="tf-muted">
              {words.noneFound}{" "}
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  look({ state: undefined, text: undefined });
                }}
              >
                {words.clear}
              </Button>
            </p>
          ) : (
            <p className="tf-muted">
              {words.none} <Link to="/setup">{messages.frame.start}</Link>
            </p>
          ))}
        {runs && runs.length > 0 && <RunsTable runs={runs} actions={actions} />}
        {list.hasNextPage && (
          <Button
            variant="default"
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {messages.more}
          </Button>
        )}
      </Card>
    </>
  );
}
