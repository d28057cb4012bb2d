// Which token is needed for what, as the server knows it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messages } from "../messages";
import { DataTable } from "../ui/DataTable";
import { HelpText } from "../ui/HelpText";
import { Notice } from "../ui/Notice";
import { connectionApi } from "./api";
import classes from "./Connection.module.css";

const words = messages.connectionTest;

export function TokenTable() {
  const [open, setOpen] = useState(false);
  const rights = useQuery({ queryKey: ["token-rights"], queryFn: connectionApi.rights, enabled: open });
  const word = (works: boolean) => (works ? words.yes : words.no);
  return (
    <details
      className={classes.rights}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>{words.rights}</summary>
      {rights.error && <Notice tone="bad">{rights.error.message}</Notice>}
      {rights.data && (
        <>
          <DataTable
            label={words.rightsTable}
            rowHeaders
            columns={[words.feature, words.none, words.write, words.admin, words.superuser].map((title) => ({ title }))}
            rows={rights.data.rows.map((row) => ({
              key: row.feature,
              cells: [row.feature, word(row.none), word(row.write), word(row.admin), word(row.superuser)],
            }))}
          />
          <p className="tf-muted">
            <HelpText text={rights.data.where} />
          </p>
        </>
      )}
    </details>
  );
}
