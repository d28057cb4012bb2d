// The programs that the page is tested against: a practice target and a control plane with the process orchestrator,
// each on a port that the system chose, with a data directory of their own. CONTROL_UI_BIN, DEMO_MATOMO_BIN and
// LOADER_BIN say where they are; the default is the debug build of this checkout.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const built = (name: string) => new URL(`../../../target/debug/${name}`, import.meta.url).pathname;
const programs = {
  control: process.env.CONTROL_UI_BIN ?? built("control-ui"),
  matomo: process.env.DEMO_MATOMO_BIN ?? built("demo-matomo"),
  loader: process.env.LOADER_BIN ?? built("loader"),
};

/** How long a program may take until it says where it listens, in milliseconds. */
const START_MS = 20_000;
/** How long left-over runs may take to end, in milliseconds. */
const STOP_MS = 45_000;

export interface World {
  /** The control plane, without a trailing slash. */
  readonly address: string;
  /** The sign-in link that was printed at the start; good for one use. */
  readonly firstLink: string;
  readonly key: string;
  readonly token: string;
  /** The practice target, without a trailing slash. */
  readonly matomo: string;
  /** Another sign-in link. */
  loginLink(): string;
  /** Hits that the practice target has counted. */
  hits(): Promise<number>;
  end(): Promise<void>;
}

/** Waits for the first line that matches, on standard output or standard error. */
function lineOf(child: ChildProcess, name: string, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const timer = setTimeout(() => {
      reject(new Error(`${name} did not say ${String(pattern)} in time, but:\n${said.join("\n")}`));
    }, START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const found = pattern.exec(line)?.[0];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`${name} ended with ${String(code)}:\n${said.join("\n")}`));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** A failed test may leave a run behind, and loaders outlive the control plane on purpose. */
async function stopRuns(address: string, key: string): Promise<void> {
  const headers = { "X-API-Key": key };
  const active = async () => {
    const answer = await fetch(`${address}/api/status`, { headers });
    return ((await answer.json()) as { active_runs: { id: string }[] }).active_runs;
  };
  const deadline = Date.now() + STOP_MS;
  for (let runs = await active(); runs.length > 0 && Date.now() < deadline; runs = await active()) {
    for (const run of runs) await fetch(`${address}/api/runs/${run.id}/stop`, { method: "POST", headers });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** `folder` is where the control plane keeps its data, instead of a fresh folder that is removed at the end. */
export async function startWorld(folder?: string): Promise<World> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), "trafficinator-e2e-")));
  const token = "0123456789abcdef0123456789abcdef";
  const key = "tf_e2e_5f0c6a1be2d94c7f8a3b";
  const matomo = spawn(programs.matomo, [
    ...["--listen", "127.0.0.1:0", "--token", token],
    // Another one than that of runs unless they are told otherwise.
    ...["--time-zone", "America/New_York"],
  ]);
  const matomoAddress = await lineOf(matomo, "demo-matomo", /http:\/\/[\d.]+:\d+/);
  const env = {
    ...process.env,
    LISTEN: "127.0.0.1:0",
    DATA_DIR: data,
    ORCHESTRATOR: "process",
    LOADER_BIN: programs.loader,
    CONTROL_UI_API_KEY: key,
    PRACTICE_TARGET: `${matomoAddress}/matomo.php`,
    PRACTICE_TARGET_TOKEN: token,
    // A stopped run finishes its open visits for so long; no test is about that.
    GRACE_SECONDS: "1",
  };
  const control = spawn(programs.control, [], { env });
  const firstLink = await lineOf(control, "control-ui", /http:\/\/[\d.]+:\d+\/#code=[\w-]+/);
  const address = new URL(firstLink).origin;
  return {
    address,
    firstLink,
    key,
    token,
    matomo: matomoAddress,
    loginLink: () => {
      const asked = spawnSync(programs.control, ["login-link"], { env, encoding: "utf8" });
      const code = /#code=[\w-]+/.exec(asked.stdout)?.[0];
      if (code === undefined) throw new Error(`no link in: ${asked.stdout}${asked.stderr}`);
      return `${address}/${code}`;
    },
    hits: async () => {
      const answer = await fetch(`${matomoAddress}/ledger/summary`);
      return ((await answer.json()) as { hits: number }).hits;
    },
    end: async () => {
      await stopRuns(address, key);
      await ended(control);
      await ended(matomo);
      if (folder === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}
