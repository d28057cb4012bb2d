// Hosts whose name was typed back, and forgetting one.
import type { ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useForgetHost, useHosts } from "../api/access";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { ConfirmButton } from "../ui/ConfirmButton";
import { DataTable } from "../ui/DataTable";
import { LateText } from "../ui/LateText";
import { Failure } from "./Failure";

const words = messages.settings.hosts;

export default function HostsPage(): ReactNode {
  const list = useHosts();
  const forget = useForgetHost();
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <Failure error={list.error ?? forget.error} />
      <Card title={words.title}>
        {list.isPending && <LateText>{messages.loading}</LateText>}
        {list.data?.hosts.length === 0 && <p className="tf-muted">{words.none}</p>}
        {list.data && list.data.hosts.length > 0 && (
          <DataTable
            label={words.table}
            rowHeaders
            columns={[{ title: words.host }, { title: words.at }, { title: words.who }, { title: words.action }]}
            rows={list.data.hosts.map(({ host, confirmed_at, who }) => ({
              key: host,
              cells: [
                host,
                formatMoment(confirmed_at),
                who ?? words.operator,
                <ConfirmButton
                  key="forget"
                  label={words.forget}
                  about={host}
                  icon="trash"
                  warning={words.forgetWarning}
                  confirm={words.forgetConfirm}
                  onConfirm={() => {
                    forget.mutate(host);
                  }}
                />,
              ],
            }))}
          />
        )}
      </Card>
    </>
  );
}
