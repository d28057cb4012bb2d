// The state of the live stream, for as long as somebody is signed in.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { connect, type Connection } from "./live";

export function useLive(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>({ kind: "connecting" });
  useEffect(() => connect(client, setConnection), [client]);
  return connection;
}
