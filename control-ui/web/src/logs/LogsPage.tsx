// The log of the run that is on, else of the newest one.
import { PageHead } from "../app/PageHead";
import { useFrame } from "../app/useFrame";
import { useLogs, useRuns } from "../api/queries";
import { messages } from "../messages";
import { LogCard } from "../run/LogCard";

export default function LogsPage() {
  const { activeId } = useFrame();
  const runs = useRuns();
  const id = activeId ?? runs.data?.runs[0]?.id ?? null;
  return (
    <>
      <PageHead title={messages.places.logs} />
      {id === null ? runs.data && <p className="tf-muted">{messages.runs.none}</p> : <RunLog key={id} id={id} />}
    </>
  );
}

function RunLog({ id }: { readonly id: string }) {
  const logs = useLogs(id);
  return logs.data && <LogCard logs={logs.data} />;
}
