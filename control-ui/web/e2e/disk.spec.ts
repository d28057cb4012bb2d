import { smallDisk } from "./disk";
import { expect, expectAccessible, openIdle, test } from "./test";
import { startWorld } from "./world";

test("a full disk is said on every page with its cure, refuses a start, and is over by itself", async ({
  page,
  allowed,
}) => {
  const disk = await smallDisk();
  test.skip(disk === null, "needs the right to mount");
  if (disk === null) return;
  const world = await startWorld(disk.folder);
  try {
    allowed.add(world.address);
    await openIdle(page, world);
    await disk.fill(4 * 1024 * 1024);
    const banner = page.getByRole("main").getByText("Nothing can be saved");
    await expect(banner).toBeVisible();
    await expect(page.getByRole("main")).toContainText(/MiB are kept in reserve/);
    await page.getByRole("button", { name: "Start traffic" }).click();
    await expect(page.getByRole("alert")).toContainText("Nothing was started");
    await page.getByRole("navigation").first().getByRole("link", { name: "Presets" }).click();
    await expect(banner).toBeVisible();
    await expectAccessible(page, "read-only");
    await disk.empty();
    await expect(banner).toHaveCount(0);
    await page.getByRole("button", { name: "Preview" }).first().click();
    await page.getByRole("button", { name: "Load", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("is loaded");
  } finally {
    await world.end();
    await disk.end();
  }
});
