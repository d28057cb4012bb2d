// What all browser tests share: one world, a signed-in page, and the promise that the page talks to nobody else and
// breaks no rule of its content security policy.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import type { RunView } from "../src/api/types";
import { startWorld, type World } from "./world";

interface Fixtures {
  /** Where the page may ask: the world's address, and what a test adds to it. */
  allowed: Set<string>;
  /** Watches the page of every test. */
  watched: undefined;
}

export const test = base.extend<Fixtures, { world: World }>({
  world: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter's shape
    async ({}, use) => {
      const world = await startWorld();
      await use(world);
      await world.end();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  allowed: async ({ world }, use) => {
    await use(new Set([world.address]));
  },
  watched: [
    async ({ context, allowed }, use) => {
      const elsewhere: string[] = [];
      const complaints: string[] = [];
      context.on("request", (request) => {
        const url = new URL(request.url());
        if (!allowed.has(url.origin) && url.protocol !== "data:") elsewhere.push(request.url());
      });
      context.on("console", (message) => {
        // A refused request is what some tests are about; everything else is a mistake of the page.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
          complaints.push(message.text());
        }
      });
      context.on("weberror", (error) => complaints.push(error.error().message));
      await use(undefined);
      expect(elsewhere, "requests to another host").toEqual([]);
      expect(complaints, "errors in the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

type Asked = Parameters<Page["request"]["fetch"]>[1];

/**
 * Asks the API with the cookies of the page. A connection that the server closed at this moment, because it was idle,
 * is tried anew: nothing was done over it.
 */
export function ask(page: Page, world: World, method: "GET" | "POST" | "PUT", path: string, options: Asked = {}) {
  return page.request.fetch(world.address + path, { method, maxRetries: 3, ...options });
}

/** Signs in by key, without the page, and opens a place of it. */
export async function openSignedIn(page: Page, world: World, place = "/"): Promise<void> {
  const answer = await ask(page, world, "POST", "/api/session", { data: { key: world.key } });
  expect(answer.status()).toBe(204);
  await page.goto(world.address + place);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Puts a configuration in place, whatever there was before. */
export async function saveConfiguration(page: Page, world: World, config: unknown, token: string | null = null) {
  const at = "/api/configuration";
  const { revision } = (await (await ask(page, world, "GET", at)).json()) as { revision: number };
  const data = { preset: null, config, token };
  const saved = await ask(page, world, "PUT", at, { headers: { "If-Match": `"${revision}"` }, data });
  expect(saved.ok()).toBe(true);
}

/** The configuration as it was in the beginning: other tests expect that nothing is saved. */
export async function forgetConfiguration(page: Page, world: World): Promise<void> {
  await ask(page, world, "POST", "/api/session", { data: { key: world.key } });
  await saveConfiguration(page, world, {});
}

/** Opens the page with the start form in view and no run on. */
export async function openIdle(page: Page, world: World): Promise<void> {
  await openSignedIn(page, world, "/setup");
  await expect(page.getByRole("button", { name: "Start traffic" })).toBeVisible();
  await expect(page.getByText("visits/day").first()).toBeVisible();
  // The form begins from the last run, whose target may be another one.
  const practice = page.getByRole("button", { name: "Use the practice target" });
  if (await practice.isVisible()) await practice.click();
}

export async function startTrial(page: Page): Promise<void> {
  await page.getByRole("radio", { name: /^Trial of 50 visits/ }).check();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
}

/** Starts a full run of the practice target, which needs no confirmation. */
export async function startFullRun(page: Page, preset: string): Promise<void> {
  await page.getByRole("radio", { name: new RegExp(`^${preset}`) }).check();
  await page.getByRole("radio", { name: /^Full run/ }).check();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
}

/** Stops the run that is on and waits for its end. Open visits are finished first, which may take the grace time. */
export async function stopRun(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 60_000 });
}

export async function newestRun(page: Page, world: World): Promise<RunView> {
  const list = await ask(page, world, "GET", "/api/runs?limit=1");
  const { runs } = (await list.json()) as { runs: [{ id: string }] };
  const run = await ask(page, world, "GET", `/api/runs/${runs[0].id}`);
  return (await run.json()) as RunView;
}

/** The number that a row of the account shows. */
export async function hitsIn(page: Page, state: string): Promise<number> {
  const row = page.getByRole("row", { name: new RegExp(`^${state}`) });
  const text = await row.getByRole("cell").first().innerText();
  return Number(text.replaceAll(",", ""));
}

/** What depends on colours alone. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** `rules`: those of colours suffice for a view that differs from one that was looked at in its colours alone. */
export async function expectAccessible(page: Page, what: string, rules: "all" | "colours" = "all"): Promise<void> {
  const axe = new AxeBuilder({ page });
  if (rules === "colours") axe.withRules(OF_COLOURS);
  else axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const found = await axe.analyze();
  const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(violations, what).toEqual([]);
}
