// How the page looks in this browser.
import type { ReactNode } from "react";
import { ThemeSwitch } from "../app/AccountMenu";
import { PageHead } from "../app/PageHead";
import { messages } from "../messages";
import { Card } from "../ui/Card";

const words = messages.settings.appearance;

export default function AppearancePage(): ReactNode {
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <Card title={messages.theme.label}>
        <ThemeSwitch />
      </Card>
    </>
  );
}
