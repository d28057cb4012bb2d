import type { Page } from "@playwright/test";
import { pressAt, typeAt } from "./keys";
import { ask, expect, forgetConfiguration, newestRun, openSignedIn, saveConfiguration, stopRun, test } from "./test";
import type { World } from "./world";

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

/** A full run of what is saved is on, and the configuration page is open. */
async function openWithRun(page: Page, world: World): Promise<string> {
  await openSignedIn(page, world);
  const targets = [{ url: `${world.matomo}/matomo.php` }];
  await saveConfiguration(page, world, { targets, load: { visits_per_day: 8640 } }, world.token);
  await page.goto(`${world.address}/setup`);
  await expect(page.getByRole("radio", { name: /^Saved configuration/ })).toBeChecked();
  await page.getByRole("radio", { name: /^Full run/ }).check();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  const { id } = await newestRun(page, world);
  await page.getByRole("navigation").first().getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByText("The run that is on agrees with what is saved.")).toBeVisible();
  return id;
}

/** The new run took the place of the old one, at the new pace. */
async function expectTaken(page: Page, world: World, old: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "This run" })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("/ 0.5 visits/s");
  const run = await newestRun(page, world);
  expect(run.id).not.toBe(old);
  expect(run.config).toMatchObject({ load: { visits_per_day: 43_200 } });
  const before = await ask(page, world, "GET", `/api/runs/${old}`);
  expect(((await before.json()) as { state: string }).state).toBe("cancelled");
  await stopRun(page);
}

test("a saved change is listed, then applied to the running run", async ({ page, world }) => {
  const old = await openWithRun(page, world);
  await page.getByLabel("Visits per day", { exact: true }).fill("43200");
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  await changes.getByRole("button", { name: "Save" }).click();
  const apply = page.getByRole("region", { name: "The running run differs" });
  await expect(apply).toContainText("1 setting of the run that is on is another than saved.");
  const change = apply.getByRole("listitem").filter({ hasText: "Visits per day" });
  await expect(change).toContainText("8,640");
  await expect(change).toContainText("43,200");
  await apply.getByRole("button", { name: "Apply to the running run" }).click();
  await page.getByRole("link", { name: "Open the run" }).click({ timeout: 60_000 });
  await expectTaken(page, world, old);
});

test("a change is saved and applied with the keyboard alone", async ({ page, world }) => {
  const old = await openWithRun(page, world);
  await typeAt(page, page.getByLabel("Visits per day", { exact: true }), "43200");
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  await pressAt(page, changes.getByRole("button", { name: "Save" }));
  await pressAt(page, page.getByRole("button", { name: "Apply to the running run" }));
  const open = page.getByRole("link", { name: "Open the run" });
  await expect(open).toBeVisible({ timeout: 60_000 });
  await pressAt(page, open);
  await expectTaken(page, world, old);
});
