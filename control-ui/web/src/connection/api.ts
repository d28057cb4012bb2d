// The endpoints of the connection test.
import { ask } from "../api/ask";
import type { ConnectionRequest, ConnectionTest, TokenRights } from "./types";

export const connectionApi = {
  test: (body: ConnectionRequest) => ask<ConnectionTest>("/api/test-connection", { method: "POST", body }),
  rights: () => ask<TokenRights>("/api/token-rights"),
};
