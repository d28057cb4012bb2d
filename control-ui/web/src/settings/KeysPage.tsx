// Keys for programs: the list, and a new one, which is shown once.
import { useState, type ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useKeys, useMakeKey, useRevokeKey, type AccessKey } from "../api/access";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { ConfirmButton } from "../ui/ConfirmButton";
import { DataTable } from "../ui/DataTable";
import { LateText } from "../ui/LateText";
import { Failure } from "./Failure";
import { NewKeyForm } from "./NewKeyForm";
import { OnceShown } from "./OnceShown";

const words = messages.settings.keys;

export default function KeysPage(): ReactNode {
  const list = useKeys();
  const make = useMakeKey();
  const revoke = useRevokeKey();
  const [copied, setCopied] = useState(false);
  const made = copied ? undefined : make.data;
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <Failure error={list.error ?? revoke.error} />
      {made && (
        <OnceShown
          title={words.secretTitle(made.key.name)}
          text={words.secret}
          label={words.secretTitle(made.key.name)}
          value={made.secret}
          onDone={() => {
            setCopied(true);
            make.reset();
          }}
        />
      )}
      <Card title={words.title}>
        {list.isPending && <LateText>{messages.loading}</LateText>}
        {list.data?.keys.length === 0 && <p className="tf-muted">{words.none}</p>}
        {list.data && list.data.keys.length > 0 && <KeyTable keys={list.data.keys} onRevoke={revoke.mutate} />}
      </Card>
      <Card title={words.make}>
        <NewKeyForm
          // A new key empties the form.
          key={make.data?.key.id}
          error={make.error}
          pending={make.isPending}
          onMake={(key) => {
            setCopied(false);
            make.mutate(key);
          }}
        />
      </Card>
    </>
  );
}

function KeyTable({
  keys,
  onRevoke,
}: {
  readonly keys: readonly AccessKey[];
  readonly onRevoke: (id: string) => void;
}) {
  return (
    <DataTable
      label={words.table}
      rowHeaders
      columns={[
        { title: words.name },
        { title: words.prefix },
        { title: words.scope },
        { title: words.created },
        { title: words.expires },
        { title: words.used },
        { title: words.action },
      ]}
      rows={keys.map((key) => ({
        key: key.id,
        cells: [
          key.name,
          <code key="prefix">{key.prefix}…</code>,
          words.scopes[key.scope],
          formatMoment(key.created_at),
          key.expires_at === null ? words.never : formatMoment(key.expires_at),
          key.last_used_at === null ? words.never : formatMoment(key.last_used_at),
          <ConfirmButton
            key="revoke"
            label={words.revoke}
            about={key.name}
            icon="trash"
            warning={words.revokeWarning}
            confirm={words.revokeConfirm}
            onConfirm={() => {
              onRevoke(key.id);
            }}
          />,
        ],
      }))}
    />
  );
}
