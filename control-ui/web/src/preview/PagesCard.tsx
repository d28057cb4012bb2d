// Pages with their share, the largest first.
import { formatShare } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import classes from "./Preview.module.css";
import type { Preview } from "./queries";

interface Props {
  readonly title: string;
  readonly share: string;
  readonly pages: Preview["pages"];
}

export function PagesCard({ title, share, pages }: Props) {
  return (
    <Card title={title}>
      <DataTable
        label={messages.preview.pagesTable(title, share)}
        rowHeaders
        columns={[{ title: messages.preview.page }, { title: share, numeric: true }]}
        rows={pages.map((page) => ({
          key: page.url,
          cells: [
            <span key="page" className={classes.page}>
              {page.title}
              <small>{page.url}</small>
            </span>,
            formatShare(page.share, 1),
          ],
        }))}
      />
    </Card>
  );
}
