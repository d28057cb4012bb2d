import { expect, openSignedIn, test } from "./test";

test.afterEach(async ({ page, world }) => {
  const at = `${world.address}/api/configuration`;
  const { revision } = (await (await page.request.get(at)).json()) as { revision: number };
  const data = { preset: null, config: {}, token: null };
  await page.request.put(at, { headers: { "If-Match": `"${revision}"` }, data });
});

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
