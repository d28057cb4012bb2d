import type { Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  forgetConfiguration,
  hitsIn,
  openIdle,
  openSignedIn,
  saveConfiguration,
  startFullRun,
  startTrial,
  stopRun,
  test,
} from "./test";
import type { World } from "./world";

// Made by `SCREENSHOTS=1 npm run e2e -- accessible`: the pictures of the documentation, in docs/images. SCREENSHOTS
// may be a folder instead, which then gets a picture of each view.
const wanted = process.env.SCREENSHOTS;
const folder = wanted === "1" ? new URL("../../../docs/images/", import.meta.url).pathname : wanted;
const PICTURED = new Set([
  "sign-in",
  "start",
  "run",
  "ended",
  "configuration",
  "presets",
  "logs",
  "backfill",
  "preview",
]);

const VIEWS = [
  { name: "light", scheme: "light", width: 1440, rules: "all" },
  { name: "dark", scheme: "dark", width: 1440, rules: "colours" },
  // As wide as its light twin, in colours that the wide one has, too.
  { name: "phone-dark", scheme: "dark", width: 320, rules: null },
  { name: "phone", scheme: "light", width: 320, rules: "all" },
] as const;

interface Route {
  readonly name: string;
  /** Brings the page to what is looked at. */
  readonly open: (page: Page, world: World) => Promise<unknown>;
}

const at = (name: string, place: string, heading: string): Route => ({
  name,
  open: async (page, world) => {
    await openSignedIn(page, world, place);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.getByText("Loading…")).toHaveCount(0);
  },
});

async function openConfiguration(page: Page, world: World): Promise<void> {
  await openSignedIn(page, world, "/configuration");
  await expect(page.getByLabel("Visits per day", { exact: true })).not.toHaveValue("");
}

/** Opens everything that is folded. */
async function unfold(page: Page): Promise<void> {
  await page.locator("details").evaluateAll((all) => {
    for (const one of all) (one as HTMLDetailsElement).open = true;
  });
}

async function choose(page: Page, button: string, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await chooser).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

const ROUTES: readonly Route[] = [
  {
    name: "sign-in",
    open: async (page, world) => {
      await page.context().clearCookies();
      await page.goto(`${world.address}/`);
      await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    },
  },
  at("overview", "/", "Traffic"),
  { name: "start", open: openIdle },
  {
    name: "start-refused",
    open: async (page, world) => {
      await openIdle(page, world);
      await page.getByRole("radio", { name: /^Full run/ }).check();
      await page.getByLabel("Tracking URL").fill("https://matomo.example/matomo.php");
      await unfold(page);
      await expect(page.getByLabel("Type the host name")).toBeVisible();
      await page.getByRole("button", { name: "Start traffic" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  at("runs", "/runs", "Runs"),
  {
    name: "configuration",
    open: async (page, world) => {
      await openConfiguration(page, world);
      await page.getByLabel("Visits per day", { exact: true }).fill("8640");
      await expect(page.getByRole("region", { name: "Changes", exact: true })).toContainText("1 change");
    },
  },
  {
    name: "configuration-problems",
    open: async (page, world) => {
      await openConfiguration(page, world);
      await page.getByLabel("Visits per day", { exact: true }).fill("many");
      await unfold(page);
      await expect(page.getByLabel("Visits per day", { exact: true })).toHaveAttribute("aria-invalid", "true");
    },
  },
  {
    name: "configuration-text",
    open: async (page, world) => {
      await openConfiguration(page, world);
      await page.getByRole("radiogroup", { name: "Show as" }).getByText("Text").click();
      await page.getByLabel("Configuration as text").fill("[load]\nvisits_per_day = 12x\n");
      await expect(page.getByRole("button", { name: /^Line 2/ })).toBeVisible();
    },
  },
  {
    name: "configuration-import",
    open: async (page, world) => {
      await openConfiguration(page, world);
      await page.getByText("Import and export", { exact: true }).click();
      await choose(page, "Choose a file", "old.env", `MATOMO_TOKEN_AUTH=${world.token}\nTARGET_VISITS_PER_DAY=777\n`);
      await expect(page.getByRole("region", { name: "What old.env would change" })).toContainText("777");
    },
  },
  {
    name: "leave",
    open: async (page, world) => {
      await openConfiguration(page, world);
      await page.getByLabel("Visits per day", { exact: true }).fill("4321");
      // Within the page, from wherever the width puts the links.
      await page.evaluate(() => {
        document.querySelector<HTMLAnchorElement>('nav a[href$="/runs"]')?.click();
      });
      await expect(page.getByRole("dialog", { name: "Leave with unsaved changes?" })).toBeVisible();
    },
  },
  {
    name: "presets",
    open: async (page, world) => {
      await openSignedIn(page, world, "/presets");
      await page.getByRole("button", { name: "Preview" }).last().click();
      await expect(page.getByRole("button", { name: "Load", exact: true })).toBeVisible();
    },
  },
  {
    name: "preset-legacy",
    open: async (page, world) => {
      await openSignedIn(page, world, "/presets");
      const config = { timezone: "UTC", ecommerce_currency: "USD" };
      await choose(page, "Choose a file", "Old one.json", JSON.stringify({ name: "Old one", config }));
      const old = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Old one" }) });
      await expect(old.first().getByRole("button", { name: "Migrate" })).toBeVisible();
      await unfold(page);
      await page
        .getByRole("button", { name: /^Rename or describe/ })
        .first()
        .click();
    },
  },
  {
    name: "preview",
    open: async (page, world) => {
      await openSignedIn(page, world, "/preview?of=demo-shop");
      await expect(page.getByRole("region", { name: "Visit 1", exact: true })).toBeVisible();
    },
  },
  {
    name: "backfill",
    open: async (page, world) => {
      await openSignedIn(page, world, "/backfill");
      const practice = page.getByRole("button", { name: "Use the practice target" });
      await expect(page.getByRole("button", { name: "Start backfill" })).toBeVisible();
      if (await practice.isVisible()) await practice.click();
      await expect(page.getByRole("region", { name: "Day by day" })).toBeVisible();
      await unfold(page);
    },
  },
  at("logs", "/logs?source=control", "Logs"),
  at("settings-keys", "/settings/keys", "Access keys"),
  {
    name: "settings-key-made",
    open: async (page, world) => {
      await openSignedIn(page, world, "/settings/keys");
      await page.getByLabel("Name").fill("nightly job");
      await page.getByRole("button", { name: "Make key" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await page
        .getByRole("button", { name: /^Revoke/ })
        .first()
        .click();
    },
  },
  at("settings-sessions", "/settings/sessions", "Sessions"),
  at("settings-audit", "/settings/audit", "Audit list"),
  at("settings-hosts", "/settings/hosts", "Confirmed hosts"),
  at("settings-appearance", "/settings/appearance", "Appearance"),
  at("settings-about", "/settings/about", "About"),
  at("nowhere", "/nowhere", "No such page"),
  {
    name: "docs",
    open: async (page, world) => {
      await page.goto(`${world.address}/docs#problem-run.state`);
      await expect(page.getByRole("heading", { level: 1, name: "API" })).toBeVisible();
      await expect(page.getByRole("heading", { name: "run.state" })).toBeInViewport();
    },
  },
];

/** In each view: no violation, nothing wider than the view; a picture of it where one is wanted. */
async function expectFine(page: Page, name: string): Promise<void> {
  for (const view of VIEWS) {
    await page.emulateMedia({ colorScheme: view.scheme });
    await page.setViewportSize({ width: view.width, height: 900 });
    const what = `${name}, ${view.scheme}, ${view.width} pixels wide`;
    if (view.rules !== null) await expectAccessible(page, what, view.rules);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(view.width);
    const all = wanted !== "1";
    if (folder && (all || (PICTURED.has(name) && view.name !== "phone-dark"))) {
      await page.screenshot({ path: `${folder}/${name}-${view.name}.png`, fullPage: all && name !== "docs" });
    }
  }
}

// They know nothing of each other, and are the longest of all.
test.describe.configure({ mode: "parallel" });
test.afterEach(({ page, world }) => forgetConfiguration(page, world));

for (const { name, open } of ROUTES) {
  test(`${name} meets WCAG 2.2 AA and fits the width, light and dark`, async ({ page, world }) => {
    await open(page, world);
    await expectFine(page, name);
  });
}

test("a run, on and over, meets WCAG 2.2 AA and fits the width, light and dark", async ({ page, world }) => {
  test.setTimeout(240_000);
  await openIdle(page, world);
  if (folder) await startFullRun(page, "Extreme");
  else await startTrial(page);
  await expect.poll(() => hitsIn(page, "Answered OK"), { timeout: 120_000 }).toBeGreaterThan(folder ? 80 : 5);
  await expectFine(page, "run");
  await page.getByRole("button", { name: "View as table" }).click();
  await expectAccessible(page, "samples as a table");
  await page.getByRole("button", { name: "View as chart" }).click();
  await saveConfiguration(page, world, { targets: [{ url: `${world.matomo}/matomo.php` }] });
  await openConfiguration(page, world);
  await expect(page.getByRole("region", { name: "The running run differs" })).toBeVisible();
  await expectFine(page, "apply");
  await openSignedIn(page, world, "/");
  await expect(page.getByRole("link", { name: "Everything about this run" })).toBeVisible();
  await expectFine(page, "overview-on");
  await page.getByRole("link", { name: "Everything about this run" }).click();
  await stopRun(page);
  await expectFine(page, "ended");
});
