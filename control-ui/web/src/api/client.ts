// The one way to the API: typed by the generated schema, relative to where the page was loaded from.
import createClient from "openapi-fetch";
import { settled } from "./problem";
import type { paths } from "./schema";
import type { NewRun, NewSession } from "./types";

/** Where the control plane is reached below its host, as `<base href>` says; no trailing slash, empty for none. */
export const basePath = new URL(".", document.baseURI).pathname.replace(/\/$/, "");
export const apiBase = window.location.origin + basePath;
const client = createClient<paths>({ baseUrl: apiBase, credentials: "same-origin", cache: "no-store" });

export type RunCommand = "stop" | "pause" | "resume";

export const eventsAddress = `${apiBase}/api/events`;

export const api = {
  session: () => settled(client.GET("/api/session")),
  signIn: (body: NewSession) => settled(client.POST("/api/session", { body })),
  signOut: () => settled(client.DELETE("/api/session")),
  status: () => settled(client.GET("/api/status")),
  presets: () => settled(client.GET("/api/presets")),
  schema: () => settled(client.GET("/api/schema")),
  validate: (body: Pick<NewRun, "preset" | "config">) => settled(client.POST("/api/validate", { body })),
  runs: (limit: number) => settled(client.GET("/api/runs", { params: { query: { limit } } })),
  run: (id: string) => settled(client.GET("/api/runs/{id}", { params: { path: { id } } })),
  samples: (id: string) => settled(client.GET("/api/runs/{id}/samples", { params: { path: { id } } })),
  /** Asking again with the same key answers with the same run, so a lost answer never starts a second one. */
  start: (body: NewRun, key: string) =>
    settled(client.POST("/api/runs", { body, params: { header: { "Idempotency-Key": key } } })),
  command: (id: string, command: RunCommand) => {
    const options = { params: { path: { id } } };
    switch (command) {
      case "stop":
        return settled(client.POST("/api/runs/{id}/stop", options));
      case "pause":
        return settled(client.POST("/api/runs/{id}/pause", options));
      case "resume":
        return settled(client.POST("/api/runs/{id}/resume", options));
    }
  },
};

/** Random, and available on plain http from another machine too, where crypto.randomUUID is not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
