import { expect, hitsIn, newestRun, openIdle, startTrial, stopRun, test } from "./test";

const STATES = ["Answered OK", "Rejected", "Failed", "Unknown", "Skipped", "Remaining"];

test("a trial of the practice target: started, watched, stopped, accounted for to the hit", async ({ page, world }) => {
  await openIdle(page, world);
  await expect(page.getByLabel("Tracking URL")).toHaveValue(`${world.matomo}/matomo.php`);
  await expect(page.getByText("counts hits, is not Matomo, and draws no reports")).toBeVisible();
  const before = await world.hits();

  await startTrial(page);
  await expect(page).toHaveTitle(/Trafficinator$/);
  await expect(page.getByRole("banner")).toContainText("Live");
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(5);
  const earlier = await hitsIn(page, "Answered OK");
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(earlier);

  const chart = page.locator("canvas");
  await expect(chart).toBeVisible();
  await page.getByRole("button", { name: "View as table" }).click();
  await expect(page.getByRole("region", { name: "Table of samples" }).getByRole("row")).not.toHaveCount(1);
  await page.getByRole("button", { name: "View as chart" }).click();
  await expect(chart).toBeVisible();

  const log = page.getByRole("region", { name: "Log lines" });
  await expect(log.getByRole("listitem").first()).toBeVisible();
  const atEnd = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 24);
  await expect.poll(atEnd).toBe(true);

  await stopRun(page);
  await expect(page.getByText("Adds up: the states sum to the hits planned.")).toBeVisible();
  const shown = await Promise.all(STATES.map((state) => hitsIn(page, state)));
  expect(shown.reduce((a, b) => a + b)).toBe(await hitsIn(page, "Planned"));
  const accepted = shown[0];
  expect(accepted).toBe((await world.hits()) - before);
  expect(accepted).toBe((await newestRun(page, world)).account?.accepted);
});

test("pause ends the loader and resume goes on with the same run", async ({ page, world }) => {
  await openIdle(page, world);
  await startTrial(page);
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(0);
  const { id } = await newestRun(page, world);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Resume", exact: true }).click({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  const resumed = await newestRun(page, world);
  expect(resumed.id).toBe(id);
  expect(resumed.attempt).toBe(2);
  await stopRun(page);
});

test("a run from the list is shown again, with its account and keys", async ({ page, world }) => {
  await openIdle(page, world);
  const run = await newestRun(page, world);
  await page.goto(`${world.address}/runs`);
  const links = page.getByRole("region", { name: "Table of runs" }).getByRole("link");
  await links.and(page.locator(`a[href$="/runs/${run.id}"]`)).click();
  await expect(page).toHaveURL(`${world.address}/runs/${run.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible();
  await expect(page.getByText(String(run.seed), { exact: true })).toBeVisible();
  await page.goBack();
  await expect.poll(() => links.count()).toBeGreaterThan(1);
  await links.last().click();
  await expect(page).not.toHaveURL(new RegExp(run.id));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page).toHaveURL(`${world.address}/runs`);
});
