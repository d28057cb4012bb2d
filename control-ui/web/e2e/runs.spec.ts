import type { Page } from "@playwright/test";
import { chooseAt, pressAt, tabTo, typeAt } from "./keys";
import { ask, expect, hitsIn, newestRun, openIdle, openSignedIn, startTrial, stopRun, test } from "./test";
import type { World } from "./world";

/** A short run that has ended, on its own page. */
async function ended(page: Page, world: World): Promise<string> {
  await openIdle(page, world);
  await startTrial(page);
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(0);
  await stopRun(page);
  return (await newestRun(page, world)).id;
}

const table = (page: Page) => page.getByRole("region", { name: "Table of runs" });

test("a run is restarted, stopped, and its visits are made once more", async ({ page, world }) => {
  await openIdle(page, world);
  await startTrial(page);
  const { id } = await newestRun(page, world);
  await page.getByRole("button", { name: "Restart" }).click();
  const question = page.getByRole("group", { name: "Restart" });
  await expect(question).toContainText("stopped for good");
  await question.getByRole("button", { name: "Keep" }).click();
  await expect(page.getByRole("button", { name: "Restart" })).toBeFocused();
  await page.getByRole("button", { name: "Restart" }).click();
  await question.getByRole("button", { name: "Restart now" }).click();
  await expect(page).not.toHaveURL(new RegExp(id), { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  await stopRun(page);
  const { seed } = await newestRun(page, world);
  await page.getByRole("button", { name: "Same visits again" }).click();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
  expect((await newestRun(page, world)).seed).toBe(seed);
  await stopRun(page);
});

test("a run that was deleted by mistake is taken back", async ({ page, world }) => {
  const id = await ended(page, world);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(`${world.address}/runs`);
  const toast = page.getByRole("region", { name: "What was just done" });
  await expect(toast).toContainText("Deleted");
  expect((await ask(page, world, "GET", `/api/runs/${id}`)).status()).toBe(404);
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(table(page).locator(`a[href$="/runs/${id}"]`)).toBeVisible();
  await expect(toast.getByRole("button")).toHaveCount(0);
});

test("a run is watched, paused, resumed, restarted and stopped with the keyboard alone", async ({ page, world }) => {
  await openIdle(page, world);
  await pressAt(page, page.getByRole("button", { name: "Start traffic" }));
  await expect.poll(() => hitsIn(page, "Answered OK")).toBeGreaterThan(0);
  const { id } = await newestRun(page, world);
  await pressAt(page, page.getByRole("button", { name: "Pause", exact: true }), "Space");
  const resume = page.getByRole("button", { name: "Resume", exact: true });
  await expect(resume).toBeVisible({ timeout: 60_000 });
  await pressAt(page, resume, "Space");
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  expect((await newestRun(page, world)).attempt).toBe(2);
  await pressAt(page, page.getByRole("button", { name: "Restart" }));
  await expect(page.getByRole("button", { name: "Restart now" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(new RegExp(id), { timeout: 60_000 });
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await pressAt(page, page.getByRole("button", { name: "View as table" }));
  await tabTo(page, page.getByRole("region", { name: "Table of samples" }));
  await pressAt(page, page.getByRole("button", { name: "Stop", exact: true }));
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 60_000 });
});

test("the list is filtered, a run opened, named, deleted and done again with the keyboard alone", async ({
  page,
  world,
}) => {
  const id = await ended(page, world);
  await openSignedIn(page, world, "/runs");
  await chooseAt(page, page.getByLabel("State", { exact: true }), "Stopped");
  await expect(page).toHaveURL(/state=stopped/);
  await typeAt(page, page.getByLabel("Find"), id);
  await expect(table(page).getByRole("link")).toHaveCount(1);
  await pressAt(page, table(page).getByRole("link"));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await typeAt(page, page.getByLabel("Name", { exact: true }), "named by keys");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "named by keys" })).toBeVisible();
  await pressAt(page, page.getByRole("button", { name: "Delete" }));
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  // Other runs may stand above it: this very one is done again.
  const restored = table(page)
    .getByRole("row")
    .filter({ has: page.locator(`a[href$="/runs/${id}"]`) });
  await pressAt(page, restored.getByRole("button", { name: /^Run again/ }));
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
  await stopRun(page);
});

test("the overview shows the newest run and leads to it and to the others, by mouse and by keyboard", async ({
  page,
  world,
}) => {
  const id = await ended(page, world);
  await openSignedIn(page, world, "/");
  await expect(page.getByText(/^Stopped: .*visits/).first()).toBeVisible();
  await page.getByRole("link", { name: "Everything about this run" }).click();
  await expect(page).toHaveURL(`${world.address}/runs/${id}`);
  await page.goBack();
  await pressAt(page, page.getByRole("link", { name: "All runs" }));
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeFocused();
  await page.goBack();
  await pressAt(page, table(page).locator(`a[href$="/runs/${id}"]`));
  await expect(page).toHaveURL(`${world.address}/runs/${id}`);
});
