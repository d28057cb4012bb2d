import { expect, expectAccessible, test } from "./test";

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1440, 320]) {
    test.describe(`${scheme}, ${width} pixels wide`, () => {
      test.use({ colorScheme: scheme, viewport: { width, height: 900 } });

      test("the API page meets WCAG 2.2 AA, fits the width and breaks no policy", async ({ page, world }) => {
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        await page.goto(`${world.address}/docs#problem-run.state`);
        await expect(page.getByRole("heading", { level: 1, name: "API" })).toBeVisible();
        await expect(page.getByRole("heading", { name: "run.state" })).toBeInViewport();
        await expectAccessible(page, "docs");
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(complaints).toEqual([]);
      });
    });
  }
}
