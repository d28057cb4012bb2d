import { pressAt, tabTo } from "./keys";
import { expect, openSignedIn, test } from "./test";

test("what a preset's visits would look like is seen before any is sent", async ({ page, world }) => {
  const before = await world.hits();
  await openSignedIn(page, world, "/preview");
  await page.getByLabel("What is looked at").selectOption({ label: "Preset: Medium" });
  await expect(page).toHaveURL(/of=medium/);
  const countries = page.getByRole("region", { name: "Countries" });
  await expect(countries.getByRole("listitem").first()).toContainText("United States");
  await expect(page.getByRole("region", { name: "In figures" })).toContainText(/Visits a dayabout [\d,]+/);
  await expect(page.getByRole("region", { name: "Visit 1", exact: true }).getByRole("listitem").first()).toContainText(
    "visitor from",
  );
  const story = await page.getByRole("region", { name: "Visit 1", exact: true }).innerText();
  await page.getByRole("button", { name: "Other visits of the same kind" }).click();
  await expect(page).toHaveURL(/seed=1/);
  await expect(page.getByRole("region", { name: "Visit 1", exact: true })).not.toHaveText(story, {
    useInnerText: true,
  });
  expect(await world.hits()).toBe(before);
});

test("the hours of the week are read as a table, with the keyboard alone", async ({ page, world }) => {
  await openSignedIn(page, world, "/preview");
  const week = page.getByRole("region", { name: "Hours of the week" });
  await expect(week.getByText(/^Busiest /)).toBeVisible();
  await pressAt(page, week.getByRole("button", { name: "View as table" }));
  const table = page.getByRole("region", { name: "Visits by hour and weekday" });
  await tabTo(page, table);
  await expect(table.getByRole("row")).toHaveCount(25);
});
