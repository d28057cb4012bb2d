import { pressAt, typeAt } from "./keys";
import { expect, forgetConfiguration, openSignedIn, test } from "./test";

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

test("a preset is previewed, loaded beside the target that stays, and the load undone", async ({ page, world }) => {
  await openSignedIn(page, world, "/presets");
  const heavy = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Heavy" }) });
  await heavy.getByRole("button", { name: "Preview" }).click();
  await expect(heavy).toContainText("50,000 visits/day");
  await heavy.getByRole("button", { name: "Load" }).click();
  await expect(page.getByRole("alert")).toContainText("Heavy is loaded.");
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(heavy.getByText("Loaded", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("alert")).toContainText("Undone.");
  await expect(heavy.getByText("Loaded", { exact: true })).toHaveCount(0);
});

test("one's own preset is saved, renamed, duplicated, deleted and brought back", async ({ page, world }) => {
  await openSignedIn(page, world, "/presets");
  await page.getByRole("button", { name: "Save as a preset" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await page.getByLabel("Description", { exact: true }).fill("For the evening.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Mine is saved.");

  const item = (name: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await item("Mine").getByText("More", { exact: true }).click();
  await page.getByRole("button", { name: "Rename or describe: Mine", exact: true }).click();
  await item("Mine").getByLabel("Name", { exact: true }).fill("Evening");
  await item("Mine").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Evening is changed.");
  await page.getByRole("button", { name: "Duplicate: Evening", exact: true }).click();
  await expect(item("Evening (copy)")).toBeVisible();
  await page.getByRole("button", { name: "Delete: Evening", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Evening is deleted.");
  await expect(item("Evening")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item("Evening")).toBeVisible();
  const download = page.waitForEvent("download");
  await item("Evening").getByText("More", { exact: true }).click();
  await page.getByRole("link", { name: "Export Evening as TOML", exact: true }).click();
  expect((await download).suggestedFilename()).toContain(".toml");
});

test("a preset of the original keeps UTC and USD until its migration to CET and SEK is asked for", async ({
  page,
  world,
}) => {
  await openSignedIn(page, world, "/presets");
  const config = { matomo_url: "https://old.example/", timezone: "UTC", ecommerce_currency: "USD" };
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file" }).click();
  const buffer = Buffer.from(JSON.stringify({ name: "From before", config }));
  await (await chooser).setFiles({ name: "From before.json", mimeType: "application/json", buffer });
  await expect(page.getByRole("alert")).toContainText("From before is imported.");
  await expect(page.getByRole("alert")).toContainText("Left out, as presets hold no target");

  const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "From before" }) });
  await expect(item).toContainText("UTC → CET");
  await expect(item).toContainText("USD → SEK");
  await item.getByRole("button", { name: "Preview" }).click();
  const preview = item.getByRole("region", { name: "What From before would change" });
  await expect(preview).toContainText("USD");
  await item.getByRole("button", { name: "Migrate" }).click();
  await expect(page.getByRole("alert")).toContainText("From before is migrated.");
  await expect(item.getByText("From the Python original")).toHaveCount(0);
  await expect(preview).toContainText("It changes nothing: this is how it is.");
});

test("a preset is loaded, deleted and brought back with the keyboard alone", async ({ page, world }) => {
  await openSignedIn(page, world, "/presets");
  await typeAt(page, page.getByLabel("Name", { exact: true }), "By keys");
  await page.keyboard.press("Enter");
  const done = page.getByRole("alert");
  await expect(done).toContainText("By keys is saved.");
  const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "By keys", exact: true }) });
  await page.keyboard.press("Tab");
  await pressAt(page, item.getByRole("button", { name: "Preview" }), "Space");
  await pressAt(page, item.getByRole("button", { name: "Load", exact: true }));
  await expect(done).toContainText("By keys is loaded.");
  await expect(done).toBeFocused();
  await pressAt(page, item.getByText("More", { exact: true }));
  await pressAt(page, page.getByRole("button", { name: "Delete: By keys", exact: true }));
  await expect(done).toContainText("By keys is deleted.");
  await expect(item).toHaveCount(0);
  await pressAt(page, done.getByRole("button", { name: "Undo" }));
  await expect(done).toContainText("Undone.");
  await expect(item).toBeVisible();
});
