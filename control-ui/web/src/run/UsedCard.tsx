// The configuration that a run was started with: what it set, and what ends it by itself.
import type { RunView } from "../api/types";
import { useSchema } from "../api/queries";
import { useRunConfig } from "../api/runs";
import { formatBytes } from "../format";
import { messages } from "../messages";
import { settingText } from "../start/setting";
import { Card } from "../ui/Card";
import { CopyButton } from "../ui/CopyButton";
import { DataTable } from "../ui/DataTable";
import { Facts } from "../ui/Facts";
import { LateText } from "../ui/LateText";
import { leavesOf } from "./leaves";
import classes from "./UsedCard.module.css";

const words = messages.run;

export function UsedCard({ run }: { readonly run: RunView }) {
  const config = useRunConfig(run.id);
  const schema = useSchema();
  const guards = run.guards;
  return (
    <Card
      title={words.used}
      aside={config.data && <CopyButton label={words.copyJson} text={() => JSON.stringify(config.data, null, 2)} />}
    >
      <div className={classes.used}>
        <Facts
          facts={[
            [words.id, run.id],
            [words.token, run.token_set ? words.tokenSet : words.tokenNone],
            [words.orchestrator, run.orchestrator],
            ...(run.usage
              ? ([[words.usage, words.usageText(run.usage.cpu_percent, formatBytes(run.usage.memory_bytes))]] as const)
              : []),
          ]}
        />
        {guards.length > 0 && (
          <div>
            <h3>{words.guards}</h3>
            <ul>
              {guards.map((guard) => (
                <li key={guard}>{guard}</li>
              ))}
            </ul>
          </div>
        )}
        {config.isPending && <LateText>{messages.loading}</LateText>}
        {config.data && (
          <DataTable
            label={words.usedTable}
            rowHeaders
            maxHeight={480}
            columns={[{ title: words.setting }, { title: words.value }, { title: words.pointer }]}
            rows={leavesOf(config.data).map(({ pointer, text }) => ({
              key: pointer,
              cells: [
                settingText(schema.data, pointer).title,
                <span key="value" className={classes.value}>
                  {text}
                </span>,
                <code key="pointer">{pointer}</code>,
              ],
            }))}
          />
        )}
      </div>
    </Card>
  );
}
