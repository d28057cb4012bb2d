import { pressAt } from "./keys";
import { expect, test } from "./test";

test("the API page opens at a problem, is walked by keyboard, and breaks no policy", async ({ page, world }) => {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(`${world.address}/docs#problem-run.state`);
  await expect(page.getByRole("heading", { level: 1, name: "API" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "run.state" })).toBeInViewport();
  await page.goto(`${world.address}/docs`);
  const link = page.getByRole("link").first();
  await pressAt(page, link);
  await expect(page).toHaveURL(/#/);
  expect(complaints).toEqual([]);
});
