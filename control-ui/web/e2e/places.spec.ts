import { expect, expectAccessible, hitsIn, newestRun, openIdle, openSignedIn, startTrial, stopRun, test } from "./test";

const PLACES = ["Overview", "Start", "Runs", "Backfill", "Preview", "Configuration", "Presets", "Logs", "Settings"];

test("every place is reached by mouse, has an address, a heading with the focus, and comes back on a reload", async ({
  page,
  world,
}) => {
  await openSignedIn(page, world);
  const rail = page.getByRole("navigation", { name: "Places", exact: true });
  for (const place of PLACES) {
    await rail.getByRole("link", { name: place }).click();
    await expect(rail.getByRole("link", { name: place })).toHaveAttribute("aria-current", "page");
    if (place !== "Overview") await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expect(page).toHaveTitle(/Trafficinator$/);
  }
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Access keys" })).toBeVisible();
  await page.goto(`${world.address}/nowhere`);
  await expect(page.getByRole("heading", { level: 1, name: "No such page" })).toBeVisible();
});

test("places are reached with the keyboard, and the rail folds", async ({ page, world }) => {
  await openSignedIn(page, world);
  const runs = page.getByRole("navigation", { name: "Places", exact: true }).getByRole("link", { name: "Runs" });
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press("Tab");
    if (await runs.evaluate((link) => link === document.activeElement)) break;
  }
  await expect(runs).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeFocused();
  await page.getByRole("button", { name: "Fold" }).press("Enter");
  await expect(page.getByRole("button", { name: "Unfold" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Runs" }).first()).toBeVisible();
  await page.keyboard.press("Enter");
});

test("a phone has a bar at the bottom, with the rest under More", async ({ page, world }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openSignedIn(page, world);
  const bar = page.getByRole("navigation", { name: "Places, short" });
  await bar.getByRole("link", { name: "Logs" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Logs" })).toBeFocused();
  await bar.getByRole("button", { name: "More" }).click();
  await expectAccessible(page, "more");
  await page.keyboard.press("Escape");
  await expect(bar.getByRole("button", { name: "More" })).toBeFocused();
  await bar.getByRole("button", { name: "More" }).press("Enter");
  await bar.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Access keys" })).toBeFocused();
});

test("a run is renamed, done again, deleted, and taken back with the keyboard", async ({ page, world }) => {
  await openIdle(page, world);
  await startTrial(page);
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(0);
  await stopRun(page);
  const { id } = await newestRun(page, world);
  await page.getByLabel("Name", { exact: true }).fill("kept for the record");
  await page.getByRole("textbox", { name: "Notes" }).fill("first look");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "kept for the record" })).toBeVisible();

  await page.goto(`${world.address}/runs?text=kept+for`);
  await expect(page.getByRole("region", { name: "Table of runs" }).getByRole("link")).toHaveCount(1);
  await page.getByLabel("State", { exact: true }).selectOption({ label: "Failed or lost" });
  await expect(page.getByText("No run fits.")).toBeVisible();
  await expect(page).toHaveURL(/state=failed/);
  await page.getByLabel("State", { exact: true }).selectOption({ label: "Any" });

  await page.getByRole("button", { name: /^Delete/ }).press("Enter");
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toBeFocused();
  await expect(page.getByRole("region", { name: "Table of runs" })).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Table of runs" }).getByRole("link")).toHaveCount(1);

  await page.getByRole("button", { name: /^Run again/ }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
  await stopRun(page);
});
