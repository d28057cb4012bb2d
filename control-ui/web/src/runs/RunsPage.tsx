// Every run, newest first.
import { PageHead } from "../app/PageHead";
import { useRuns } from "../api/queries";
import { messages } from "../messages";
import { RunsTable } from "./RunsTable";

const words = messages.runs;

export default function RunsPage() {
  const runs = useRuns();
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <RunsTable runs={runs.data?.runs ?? null} />
    </>
  );
}
