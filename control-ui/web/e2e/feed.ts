// A control plane whose live stream carries more than it has to say: passes everything on to the real one, and puts
// log lines into the event stream on request. For what no practice run does at a given rate.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { World } from "./world";

export interface Feed {
  /** As the world's address, and with the same sessions. */
  readonly address: string;
  /** Readers of the live stream. */
  readonly readers: () => number;
  /** Lines of the control plane's own log, told to everybody who listens. */
  say(count: number): void;
  end(): Promise<void>;
}

/** Comes often enough for a steady flow, in milliseconds. */
const BEAT_MS = 50;

export async function startFeed(world: World): Promise<Feed> {
  const behind = new URL(world.address);
  const streams = new Set<ServerResponse>();
  let said = 0;

  const pass = (asked: IncomingMessage, answer: ServerResponse) => {
    const headers = { ...asked.headers, host: behind.host };
    // The page is served from here, and the control plane knows itself alone.
    for (const name of ["origin", "referer"] as const) if (headers[name]) headers[name] = behind.origin;
    const onward = ask({ host: behind.hostname, port: behind.port, path: asked.url, method: asked.method, headers });
    onward.on("response", (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      if (asked.url?.endsWith("/api/events") && given.statusCode === 200) {
        answer.flushHeaders();
        streams.add(answer);
      }
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => {
      streams.delete(answer);
      onward.destroy();
    });
    asked.pipe(onward);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    readers: () => streams.size,
    say: (count) => {
      const lines = Array.from({ length: count }, () => {
        said += 1;
        const text = `GET /matomo.php?idsite=1&rec=1 visit ${said} of a feed that never tires`;
        const level = said % 10 === 0 ? "warn" : "info";
        const line = { at: new Date().toISOString(), level, stream: "control", text };
        return `event: control_log\ndata: ${JSON.stringify(line)}\n\n`;
      });
      for (const stream of streams) stream.write(lines.join(""));
    },
    end: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Says so many lines a second, evenly, for so long. */
export async function pour(feed: Feed, linesPerSecond: number, seconds: number): Promise<void> {
  const begun = Date.now();
  let given = 0;
  const due = () => Math.floor((Math.min(seconds * 1000, Date.now() - begun) * linesPerSecond) / 1000);
  while (given < seconds * linesPerSecond) {
    const now = due();
    if (now > given) feed.say(now - given);
    given = now;
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  }
}
