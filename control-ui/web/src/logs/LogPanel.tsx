// A log: filter, lines, and what can be done with them. Not a live region: it would drown everything else.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { addressOf } from "../api/ask";
import { formatCount, zoneName } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import type { LogSource } from "./buffer";
import { filtered, LEVELS, type Level, type LogFilter } from "./filter";
import { LineList } from "./LineList";
import classes from "./LogPanel.module.css";
import { pathOf, useLog } from "./useLog";

const words = messages.log;

interface Props {
  readonly source: LogSource;
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly title: string;
}

export function LogPanel({ source, filter, onFilter, title }: Props) {
  const log = useLog(source);
  const [follow, setFollow] = useState(true);
  const lines = useMemo(() => filtered(log.lines, filter), [log.lines, filter]);
  const isFiltered = filter.level !== undefined || filter.text !== undefined;
  return (
    <Card title={title}>
      <div className={classes.tools}>
        <NativeSelect
          label={words.level}
          value={filter.level ?? ""}
          onChange={(event) => {
            const level = LEVELS.find((one): one is Level => one === event.currentTarget.value);
            onFilter({ ...filter, level });
          }}
          data={[
            { value: "", label: words.allLevels },
            ...LEVELS.map((level) => ({ value: level, label: words.levelAndWorse[level] })),
          ]}
        />
        <TextInput
          className={classes.text}
          label={words.contains}
          type="search"
          value={filter.text ?? ""}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onFilter({ ...filter, text: text === "" ? undefined : text });
          }}
        />
        <div className={classes.buttons}>
          <CopyButton
            label={words.copy}
            text={() => lines.map(({ at, level, text }) => `${at} ${level} ${text}`).join("\n")}
          />
          <a
            className="tf-quiet"
            href={addressOf(`${pathOf(source)}/download`, { level: filter.level, contains: filter.text })}
            download
          >
            <Icon name="download" size={16} />
            {words.download}
          </a>
        </div>
      </div>
      {log.error && <Notice tone="bad">{log.error.message}</Notice>}
      <LineList
        lines={lines}
        follow={follow}
        onFollow={setFollow}
        empty={
          log.pending ? (
            <LateText>{messages.loading}</LateText>
          ) : isFiltered && log.lines.length > 0 ? (
            <>
              {words.noneFound(formatCount(log.lines.length))}{" "}
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  onFilter({});
                }}
              >
                {words.clear}
              </Button>
            </>
          ) : (
            words.empty
          )
        }
      />
      <p className={classes.caption}>
        {isFiltered
          ? words.shown(formatCount(lines.length), formatCount(log.lines.length))
          : words.lineCount(formatCount(lines.length))}{" "}
        {words.zone(zoneName())} {log.skipped > 0 && words.skipped(formatCount(log.skipped))}{" "}
        {log.missing && words.missing(log.missing)}
      </p>
    </Card>
  );
}
