import type { Page } from "@playwright/test";
import { expect, expectAccessible, forgetConfiguration, openSignedIn, saveConfiguration, test } from "./test";
import type { World } from "./world";

async function open(page: Page, world: World) {
  await openSignedIn(page, world, "/configuration");
  await expect(page.getByLabel("Visits per day", { exact: true })).not.toHaveValue("");
}

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

test("a change is checked, told in words, compared, saved, and reset again", async ({ page, world }) => {
  await open(page, world);
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  await expect(changes).toContainText("Nothing to save.");
  await page.getByLabel("Tracking URL").fill(`${world.matomo}/matomo.php`);
  await page.getByLabel("Visits per day", { exact: true }).fill("8640");
  await page.getByLabel("Site searches").fill("22");
  await expect(changes).toContainText("3 changes");
  await expect(changes.getByRole("listitem").filter({ hasText: "Site searches" })).toContainText("22 %");
  await expect(page.getByText(/hits a day/).first()).toBeVisible();
  await changes.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. Nothing that is being sent has changed.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Site searches")).toHaveValue("22");
  await page.getByRole("button", { name: /^Reset to 15 %/ }).click();
  await expect(page.getByLabel("Site searches")).toHaveValue("15");
  await expect(page.getByLabel("Site searches")).toBeFocused();
  await expect(changes).toContainText("1 change");
  await changes.getByRole("button", { name: "Discard changes" }).click();
  await expect(page.getByLabel("Site searches")).toHaveValue("22");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("Site searches")).toHaveValue("15");
});

test("a problem stands beside its field, and a refused save leads to it", async ({ page, world }) => {
  await open(page, world);
  const field = page.getByLabel("Concurrency");
  await field.fill("many");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("region", { name: "Changes", exact: true }).getByRole("button", { name: "Save" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "not saved" });
  await expect(summary).toBeFocused();
  await summary.getByRole("link", { name: "Concurrency" }).click();
  await expect(field).toBeFocused();
});

test("unsaved changes are asked about, kept without secrets, and found again", async ({ page, world }) => {
  await open(page, world);
  await page.getByLabel("Visits per day", { exact: true }).fill("4321");
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByLabel("New token").fill(world.token);
  await page.getByRole("navigation").first().getByRole("link", { name: "Presets" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave with unsaved changes?" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, "the question before leaving");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("navigation").first().getByRole("link", { name: "Presets" }).click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Presets" })).toBeFocused();
  expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain(world.token);
  await page.goBack();
  await expect(page.getByLabel("Visits per day", { exact: true })).toHaveValue("4321");
  await expect(page.getByText("These are changes that you did not save last time.")).toBeVisible();
  await page.getByRole("button", { name: "Discard changes" }).first().click();
});

test("what somebody else saved meanwhile is shown, and mine is put on top", async ({ page, world }) => {
  await open(page, world);
  await page.getByLabel("Visits per day", { exact: true }).fill("4321");
  await saveConfiguration(page, world, { load: { concurrency: 7 } });
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  await changes.getByRole("button", { name: "Save" }).click();
  const conflict = page.getByRole("alert").filter({ hasText: "Somebody else saved meanwhile" });
  await expect(conflict).toContainText("7 requests");
  await conflict.getByRole("button", { name: "Put mine on top" }).click();
  await expect(page.getByLabel("Concurrency")).toHaveValue("7");
  await expect(page.getByLabel("Visits per day", { exact: true })).toHaveValue("4321");
  await changes.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. Nothing that is being sent has changed.")).toBeVisible();
});

test("the text says where it cannot be read, and the form follows one that can", async ({ page, world }) => {
  await open(page, world);
  await page.getByRole("radiogroup", { name: "Show as" }).getByText("Text").click();
  const text = page.getByLabel("Configuration as text");
  await text.fill("[load]\nvisits_per_day = 12x\n");
  await expect(page.getByRole("button", { name: /^Line 2/ })).toBeVisible();
  await text.fill("[load]\nvisits_per_day = 1234\n");
  await expect(page.getByRole("region", { name: "Changes", exact: true })).toContainText("1,234 visits/day");
  await expectAccessible(page, "the text");
  await page.getByRole("radiogroup", { name: "Show as" }).getByText("Form").click();
  await expect(page.getByLabel("Visits per day", { exact: true })).toHaveValue("1234");
});

test("a file of the original is previewed, then taken over", async ({ page, world }) => {
  await open(page, world);
  await page.getByText("Import and export", { exact: true }).click();
  const buffer = Buffer.from(`MATOMO_TOKEN_AUTH=${world.token}\nTARGET_VISITS_PER_DAY=777\n`);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles({ name: "old.env", mimeType: "text/plain", buffer });
  const preview = page.getByRole("region", { name: "What old.env would change" });
  await expect(preview).toContainText("777 visits/day");
  await expect(preview).toContainText("It is left out");
  await preview.getByRole("button", { name: "Take over into the form" }).click();
  await expect(page.getByLabel("Visits per day", { exact: true })).toHaveValue("777");
});

test("the connection test names each step in words and writes no hit", async ({ page, world }) => {
  const before = await world.hits();
  await openSignedIn(page, world);
  await saveConfiguration(page, world, { targets: [{ url: `${world.matomo}/matomo.php` }] }, world.token);
  await open(page, world);
  await expect(page.getByText(/^Set, ends with …cdef/)).toBeVisible();
  await page.getByRole("button", { name: "Test connection" }).click();
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem").first()).toContainText("OK", { timeout: 30_000 });
  await expect(steps.getByRole("listitem").filter({ hasText: "Test hit" })).toContainText("Skipped");
  expect(await world.hits()).toBe(before);
  await expectAccessible(page, "the connection test");
});

test("settings are found by their environment name, with the keyboard alone", async ({ page, world }) => {
  await open(page, world);
  await page.getByLabel("Search settings").focus();
  await page.keyboard.type("pageviews_max");
  await expect(page.getByText("1 setting", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  const field = page.getByLabel("Most page views");
  for (let presses = 0; presses < 10; presses++) {
    if (await field.evaluate((input) => input === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(field).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("9");
  await expect(page.getByRole("region", { name: "Changes", exact: true })).toContainText("9 pages");
});
