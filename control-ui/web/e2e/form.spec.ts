import { pressAt, typeAt } from "./keys";
import { expect, expectAccessible, newestRun, openIdle, startTrial, stopRun, test } from "./test";

test("an invalid field shows the server's problem beside it, with a way there", async ({ page, world }) => {
  await openIdle(page, world);
  const url = page.getByLabel("Tracking URL");
  await url.fill("ftp://matomo.example/");
  await page.getByRole("button", { name: "Start traffic" }).click();
  const summary = page.getByRole("alert");
  await expect(summary).toBeFocused();
  await expect(url).toHaveAttribute("aria-invalid", "true");
  await summary.getByRole("link").first().click();
  await expect(url).toBeFocused();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
});

test("the target of the draft is tested before anything is started, by mouse and by keyboard", async ({
  page,
  world,
}) => {
  await openIdle(page, world);
  const before = await world.hits();
  await page.getByText("Test the connection", { exact: true }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem").first()).toContainText("OK", { timeout: 30_000 });
  await expectAccessible(page, "the connection test of the start form");
  await typeAt(page, page.getByLabel("Site id"), "9");
  await expect(page.getByText("The target was changed since. Test again.")).toBeVisible();
  await pressAt(page, page.getByRole("button", { name: "Test connection" }));
  await expect(steps.getByRole("listitem").filter({ hasText: "Site" }).first()).toContainText("Failed", {
    timeout: 30_000,
  });
  expect(await world.hits()).toBe(before);
});

test("a full run of another host needs its name typed back", async ({ page, world }) => {
  await openIdle(page, world);
  await page.getByLabel("Tracking URL").fill("https://matomo.example/matomo.php");
  await page.getByRole("radio", { name: /^Full run/ }).check();
  await expect(page.getByText(/hits a day into site 1 of matomo\.example/)).toBeVisible();
  const confirm = page.getByLabel("Type the host name");
  await confirm.fill("matomo.exampel");
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(confirm).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
});

test("a trial can be started and stopped with the keyboard alone", async ({ page, world }) => {
  await openIdle(page, world);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the main part" })).toBeFocused();
  await page.keyboard.press("Enter");
  const start = page.getByRole("button", { name: "Start traffic" });
  for (let presses = 0; presses < 30; presses++) {
    if (await start.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(start).toBeFocused();
  await page.keyboard.press("Enter");
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await expect(stop).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  for (let presses = 0; presses < 20; presses++) {
    if (await stop.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Space");
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 60_000 });
});

test("a typed token stays out of storage, page and answers", async ({ page, world }) => {
  await openIdle(page, world);
  await page.getByLabel("Token", { exact: true }).fill(world.token);
  await startTrial(page);
  const run = JSON.stringify(await newestRun(page, world));
  expect(run).not.toContain(world.token);
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  );
  expect(kept).not.toContain(world.token);
  expect(kept).not.toContain(world.key);
  expect(await page.content()).not.toContain(world.token);
  await stopRun(page);
  await page.getByRole("link", { name: "Start traffic" }).click();
  await expect(page.getByLabel("Token", { exact: true })).toHaveValue("");
});
