// The page at /configuration.
import { PageHead } from "../app/PageHead";
import { messages } from "../messages";

const words = messages.configuration;

export default function ConfigurationPage() {
  return <PageHead title={words.title} />;
}
