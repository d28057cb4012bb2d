import type { Page } from "@playwright/test";
import { expect, forgetConfiguration, openSignedIn, test } from "./test";
import type { World } from "./world";

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

/** The page with a plan of the practice target. */
async function openPlan(page: Page, world: World): Promise<void> {
  await openSignedIn(page, world, "/backfill");
  await expect(page.getByRole("heading", { level: 1, name: "Fill past days" })).toBeVisible();
  const practice = page.getByRole("button", { name: "Use the practice target" });
  if (await practice.isVisible()) await practice.click();
  await expect(plan(page)).toContainText("30 days");
}

const plan = (page: Page) => page.getByRole("region", { name: "The plan" });

test("a plan is there at once, follows the form, and is refused beside the field", async ({ page, world }) => {
  await openPlan(page, world);
  await expect(plan(page)).toContainText("No backfill into this site has settled");
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(plan(page)).toContainText("7 days");
  await page.getByLabel("Last day", { exact: true }).fill("2099-01-01");
  await expect(plan(page)).toContainText("2 things stand in the way");
  const field = page.getByLabel("Last day", { exact: true });
  await expect(field).toHaveAccessibleDescription(/a backfill ends today at the latest/);
  await page.getByRole("button", { name: "Start backfill" }).click();
  await expect(page.getByRole("alert")).toContainText("2 problems: nothing was started");
  await page.getByRole("alert").getByRole("link").first().click();
  await expect(field).toBeFocused();
});
