// The endpoints of the connection test.
import { ask } from "../api/ask";
import type { ConnectionRequest, ConnectionReport, TokenRights } from "./types";

export const connectionApi = {
  test: (body: ConnectionRequest) => ask<ConnectionReport>("/api/test-connection", { method: "POST", body }),
  rights: () => ask<TokenRights>("/api/token-rights"),
};
