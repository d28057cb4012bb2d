// The time zone in which Matomo cuts the days of the site: taken over with one press, or asked for when nobody knows it.
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { refresh } from "../api/refresh";
import { connectionApi } from "../connection/api";
import type { ConnectionReport, ConnectionRequest } from "../connection/types";
import { sentence } from "../format";
import { messages } from "../messages";
import classes from "./Backfill.module.css";
import { backfillKeys, type Plan } from "./queries";
import { WithWhy } from "./WithWhy";

const words = messages.backfill.plan;

interface Props {
  readonly plan: Plan;
  /** What is asked; held by nobody but the request, because it may carry a token. */
  readonly request: () => ConnectionRequest;
  readonly onUse: (zone: string) => void;
}

export function SiteZone({ plan, request, onUse }: Props) {
  const better = plan.better_time_zone;
  if (plan.site_time_zone === null) return <AskMatomo why={plan.site_time_zone_unknown} request={request} />;
  return (
    <span className={classes.asked}>
      {plan.site_time_zone}
      {better !== null && (
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            onUse(better);
          }}
        >
          {words.useZone(better)}
        </Button>
      )}
    </span>
  );
}

interface AskProps extends Pick<Props, "request"> {
  readonly why: string | null;
}

function AskMatomo({ why, request }: AskProps) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => connectionApi.test(request()),
    onSuccess: () => refresh(client, { queryKey: backfillKeys.plans }),
  });
  const said = test.error?.message ?? (test.data && whyNot(test.data)) ?? null;
  return (
    <span className={classes.asked}>
      <span role="status">
        <WithWhy value={messages.unknown} why={said ?? why} />
      </span>
      <Button
        variant="default"
        size="xs"
        aria-disabled={test.isPending}
        onClick={() => {
          if (!test.isPending) test.mutate();
        }}
      >
        {test.isPending ? words.askingMatomo : words.askMatomo}
      </Button>
    </span>
  );
}

/** Why Matomo did not tell: the first step that did not work, or what the token may do. */
function whyNot({ matomo, steps }: ConnectionReport): string | null {
  if (matomo.site !== null) return null;
  const step = steps.find(({ state }) => state === "failed") ?? steps.find(({ step }) => step === "token");
  return words.siteNotTold(sentence(step?.message ?? messages.unknown));
}
