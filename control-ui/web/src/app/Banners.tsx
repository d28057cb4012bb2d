// What hampers every page is said on every page, with its cure.
import { messages } from "../messages";
import { sentence } from "../format";
import { Notice } from "../ui/Notice";
import { useFrame } from "./useFrame";

const words = messages.frame;

export function Banners() {
  const { status, error } = useFrame();
  const { orchestrator } = status ?? {};
  return (
    <>
      {error && (
        <Notice tone="bad" title={words.statusFailed}>
          <p>{sentence(error.message)}</p>
        </Notice>
      )}
      {status?.read_only && (
        <Notice tone="bad" title={words.readOnly}>
          <p>{sentence(status.read_only.cause)}</p>
          <p>{sentence(status.read_only.cure)}</p>
        </Notice>
      )}
      {orchestrator && !orchestrator.ready && (
        <Notice tone="bad" title={messages.problems.orchestrator}>
          <p>{sentence(orchestrator.problem ?? messages.problems.noDetail)}</p>
          <p>{words.stillWorks}</p>
        </Notice>
      )}
    </>
  );
}
