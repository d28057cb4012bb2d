import type { Page } from "@playwright/test";
import { pressAt, tabTo, typeAt } from "./keys";
import { ask, expect, expectAccessible, forgetConfiguration, newestRun, openSignedIn, stopRun, test } from "./test";
import type { World } from "./world";

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

const plan = (page: Page) => page.getByRole("region", { name: "The plan" });
const days = (page: Page) => page.getByRole("region", { name: "Days", exact: true });

/** The page with a plan of the practice target, which is not filled on these days by other tests. */
async function openPlan(page: Page, world: World, first?: string, last?: string): Promise<void> {
  await openSignedIn(page, world, "/backfill");
  await expect(page.getByRole("button", { name: "Start backfill" })).toBeVisible();
  const practice = page.getByRole("button", { name: "Use the practice target" });
  if (await practice.isVisible()) await practice.click();
  await expect(plan(page)).toContainText("30 days");
  if (first === undefined || last === undefined) return;
  await page.getByLabel("First day", { exact: true }).fill(first);
  await page.getByLabel("Last day", { exact: true }).fill(last);
}

/** So many days before today, as a date. */
function ago(count: number): string {
  return new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);
}

async function expectEnded(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 60_000 });
}

test("a plan is there at once, follows the form, and is refused beside the field", async ({ page, world }) => {
  await openPlan(page, world);
  await expect(plan(page)).toContainText("Takes");
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(plan(page)).toContainText("7 days");
  await page.getByRole("radio", { name: "Days back" }).check();
  await expect(plan(page)).toContainText("One thing stands in the way");
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(plan(page)).toContainText("7 days");
  await page.getByRole("radio", { name: "First and last day" }).check();
  await page.getByLabel("First day", { exact: true }).fill(ago(3));
  const field = page.getByLabel("Last day", { exact: true });
  await field.fill("2099-01-01");
  await expect(plan(page)).toContainText("2 things stand in the way");
  await expect(field).toHaveAccessibleDescription(/a backfill ends today at the latest/);
  await page.getByRole("button", { name: "Start backfill" }).click();
  await expect(page.getByRole("alert")).toContainText("2 problems: nothing was started");
  await expectAccessible(page, "a refused backfill");
  await page.getByRole("alert").getByRole("link").first().click();
  await expect(field).toBeFocused();
});

test("the site's time zone is asked of Matomo, shown beside the run's, and taken over", async ({ page, world }) => {
  await openPlan(page, world);
  await expect(plan(page)).toContainText("Matomo was not asked yet");
  await plan(page).getByRole("button", { name: "Ask Matomo" }).click();
  const use = plan(page).getByRole("button", { name: "Use America/New_York" });
  await expect(use).toBeVisible({ timeout: 30_000 });
  await expect(plan(page)).toContainText("Days are cut in CET, and Matomo cuts those of the site in America/New_York");
  await expectAccessible(page, "a plan in another time zone than the site's");
  await use.click();
  await expect(use).toBeHidden();
  await expect(plan(page)).not.toContainText("Days are cut in CET, and");
  await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("America/New_York");
});

test("a target that needs more is told where: token, and its host typed back", async ({ page, world }) => {
  await openPlan(page, world);
  await page.getByLabel("Tracking URL").fill("https://matomo.example/matomo.php");
  const token = page.getByLabel("Token", { exact: true });
  await expect(token).toHaveAccessibleDescription(/Matomo refuses hits that are older than 24 hours/);
  await token.fill(world.token);
  await expect(page.getByText(/visits on 30 past days into site 1 of matomo.example/)).toBeVisible();
  await page.getByRole("button", { name: "Start backfill" }).click();
  await expect(page.getByRole("alert")).toContainText("Type matomo.example");
  await expectAccessible(page, "a backfill to confirm");
});

test("a backfill fills its days, pauses, goes on and ends with what to do next", async ({ page, world }) => {
  test.setTimeout(180_000);
  await openPlan(page, world, ago(62), ago(60));
  await page.getByLabel("Visits per day, at most").fill("200");
  await page.getByLabel("Visits per second, at most").fill("20");
  await expect(plan(page)).toContainText("600 visits into 3 days");
  await page.getByRole("button", { name: "Start backfill" }).click();
  await expect(page).toHaveURL(/\/runs\/\w+$/);
  await expect(days(page)).toContainText("1 of 3 days done", { timeout: 60_000 });
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeVisible({ timeout: 60_000 });

  // Its days are not empty now, and the plan of others says so.
  const { id } = await newestRun(page, world);
  await openPlan(page, world, ago(62), ago(61));
  await expect(plan(page)).toContainText("These days are not empty");
  await page.getByRole("button", { name: "Start backfill" }).click();
  await expect(page.getByRole("alert")).toContainText("Decide what happens");
  await expectAccessible(page, "days that are not empty");
  await page.getByRole("button", { name: /^Continue it/ }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${id}$`));
  await expectEnded(page);
  await expect(days(page)).toContainText("3 of 3 days done");
  await expect(page.getByText(`--force-date-range=${ago(62)},${ago(60)}`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy command" })).toBeVisible();
  const run = await newestRun(page, world);
  expect(run).toMatchObject({ state: "succeeded", visits: { finished: 600 }, attempt: 2 });

  await days(page).getByRole("button", { name: "View as table" }).click();
  const row = days(page).getByRole("row", { name: new RegExp(`^${ago(61)}`) });
  await expect(row).toContainText("200 of 200");
  await expectAccessible(page, "days as a table");
  const account = await ask(page, world, "GET", `/api/runs/${id}/account.html`);
  expect(await account.text()).toContain("Account of");
  await expect(page.getByRole("link", { name: "Account as a file" })).toHaveAttribute("href", /account\.html$/);

  // Once more into the same days, only when somebody says so: on its own page and in the list of runs.
  await page.getByRole("button", { name: "Run again", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("These days are not empty");
  await openSignedIn(page, world, "/runs");
  const inList = page.getByRole("row").filter({ has: page.locator(`a[href$="/runs/${id}"]`) });
  await inList.getByRole("button", { name: /^Run again/ }).click();
  await expect(page.getByRole("alert")).toContainText("These days are not empty");
  await expectAccessible(page, "the list of runs with a question");
  await page.getByRole("button", { name: "Add to them" }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/(?!${id})\\w+$`));
  await stopRun(page);
});

test("a backfill is planned, started, looked at by day and stopped with the keyboard alone", async ({
  page,
  world,
}) => {
  await openPlan(page, world);
  await typeAt(page, page.getByLabel("Visits per day, at most"), "50");
  await typeAt(page, page.getByLabel("Visits per second, at most"), "5");
  await pressAt(page, page.getByRole("button", { name: "Last 7 days" }));
  await expect(plan(page)).toContainText("350 visits into 7 days");
  await pressAt(page, page.getByRole("button", { name: "Start backfill" }));
  await expect(page).toHaveURL(/\/runs\/\w+$/);
  const first = days(page)
    .getByRole("button", { name: /visits finished/ })
    .first();
  await expect(first).toBeVisible();
  await tabTo(page, first);
  await page.keyboard.press("End");
  await expect(
    days(page)
      .getByRole("button", { name: /visits finished/ })
      .last(),
  ).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(
    days(page)
      .getByRole("button", { name: /Not begun/ })
      .nth(-2),
  ).toBeFocused();
  await expectAccessible(page, "a backfill that is on");
  await pressAt(page, page.getByRole("button", { name: "Stop", exact: true }));
  await expectEnded(page);
});
