// The page at /configuration, once everything that it is drawn from is known.
import { PageHead } from "../app/PageHead";
import { useSchema } from "../api/queries";
import { messages } from "../messages";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { sectionsOf } from "./fields";
import { useConfiguration } from "./queries";
import { Workbench } from "./Workbench";

const words = messages.configuration;

export default function ConfigurationPage() {
  const schema = useSchema();
  const saved = useConfiguration();
  const error = schema.error ?? saved.error;
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      {error && <Notice tone="bad">{error.message}</Notice>}
      {schema.data && saved.data ? (
        <Workbench schema={sectionsOf(schema.data)} saved={saved.data} />
      ) : (
        !error && <LateText>{messages.loading}</LateText>
      )}
    </>
  );
}
