// Who did what, newest first.
import type { ReactNode } from "react";
import { Button } from "@mantine/core";
import { PageHead } from "../app/PageHead";
import { useAudit } from "../api/access";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { LateText } from "../ui/LateText";
import { Failure } from "./Failure";
import classes from "./Settings.module.css";

const words = messages.settings.audit;

export default function AuditPage(): ReactNode {
  const list = useAudit();
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <Failure error={list.error} />
      <Card title={words.title}>
        {list.isPending && <LateText>{messages.loading}</LateText>}
        {list.data && entries.length === 0 && <p className="tf-muted">{words.none}</p>}
        {entries.length > 0 && (
          <DataTable
            label={words.table}
            columns={[
              { title: words.at },
              { title: words.who },
              { title: words.action },
              { title: words.subject },
              { title: words.detail },
              { title: words.address },
            ]}
            rows={entries.map((entry) => ({
              key: String(entry.id),
              cells: [
                formatMoment(entry.at),
                entry.who,
                <code key="action">{entry.action}</code>,
                <span key="subject" className={classes.wide}>
                  {entry.subject || "–"}
                </span>,
                <span key="detail" className={classes.wide}>
                  {entry.detail || "–"}
                </span>,
                entry.address,
              ],
            }))}
          />
        )}
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
