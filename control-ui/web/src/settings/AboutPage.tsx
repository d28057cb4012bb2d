// What this is, and in which state.
import { PageHead } from "../app/PageHead";
import { useFrame } from "../app/useFrame";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { Facts } from "../ui/Facts";

const words = messages.settings.about;

export default function AboutPage() {
  const { status } = useFrame();
  return (
    <>
      <PageHead title={words.title} />
      <Card title={messages.product}>
        <Facts
          facts={[
            [words.version, status?.version ?? messages.unknown],
            [words.orchestrator, status?.orchestrator.kind ?? messages.unknown],
          ]}
        />
      </Card>
    </>
  );
}
