// Who is signed in, and letting somebody else in.
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { PageHead } from "../app/PageHead";
import { useRevokeSession, useSessions, useSignInLink } from "../api/access";
import { formatMoment } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { ConfirmButton } from "../ui/ConfirmButton";
import { DataTable } from "../ui/DataTable";
import { LateText } from "../ui/LateText";
import { browserOf } from "./browser";
import { Failure } from "./Failure";
import { OnceShown } from "./OnceShown";

const words = messages.settings.sessions;

export default function SessionsPage(): ReactNode {
  const list = useSessions();
  const revoke = useRevokeSession();
  return (
    <>
      <PageHead title={words.title} lead={<p>{words.lead}</p>} />
      <Failure error={list.error ?? revoke.error} />
      <Card title={words.title}>
        {list.isPending && <LateText>{messages.loading}</LateText>}
        {list.data && (
          <DataTable
            label={words.table}
            rowHeaders
            columns={[
              { title: words.browser },
              { title: words.address },
              { title: words.created },
              { title: words.used },
              { title: words.ends },
              { title: words.action },
            ]}
            rows={list.data.sessions.map((session) => {
              const browser = browserOf(session.agent) ?? words.unknownBrowser;
              return {
                key: session.id,
                current: session.current,
                cells: [
                  session.current ? `${browser} (${words.current})` : browser,
                  session.address === "" ? messages.unknown : session.address,
                  formatMoment(session.created_at),
                  formatMoment(session.last_used_at),
                  formatMoment(session.ends_at),
                  <ConfirmButton
                    key="revoke"
                    label={words.revoke}
                    about={`${browser}, ${session.address}`}
                    icon="exit"
                    warning={session.current ? words.revokeCurrent : words.revokeWarning}
                    confirm={words.revokeConfirm}
                    onConfirm={() => {
                      revoke.mutate(session.id);
                    }}
                  />,
                ],
              };
            })}
          />
        )}
      </Card>
      <LinkCard />
    </>
  );
}

function LinkCard() {
  const link = useSignInLink();
  const [hidden, setHidden] = useState(false);
  return (
    <Card title={words.linkTitle} className="tf-prose">
      <p className="tf-muted">{words.linkLead}</p>
      <Failure error={link.error} />
      {link.data && !hidden ? (
        <OnceShown
          title={words.linkLabel}
          text={words.linkUntil(formatMoment(link.data.expires_at))}
          label={words.linkLabel}
          value={link.data.url}
          onDone={() => {
            setHidden(true);
            link.reset();
          }}
        />
      ) : (
        <Button
          variant="default"
          aria-disabled={link.isPending}
          onClick={() => {
            setHidden(false);
            if (!link.isPending) link.mutate();
          }}
        >
          {link.isPending ? words.linkPending : words.link}
        </Button>
      )}
    </Card>
  );
}
