// The page at /presets.
import { PageHead } from "../app/PageHead";
import { messages } from "../messages";

const words = messages.presets;

export default function PresetsPage() {
  return <PageHead title={words.title} />;
}
