import { expect, expectAccessible, hitsIn, openIdle, startFullRun, startTrial, stopRun, test } from "./test";

const VIEWS = [
  { scheme: "light", width: 1440 },
  { scheme: "dark", width: 1440 },
  { scheme: "light", width: 320 },
  { scheme: "dark", width: 320 },
] as const;

// Made by `SCREENSHOTS=1 npm run e2e -- accessible`: the pictures of the documentation, in docs/images.
const pictures = process.env.SCREENSHOTS === "1" ? new URL("../../../docs/images/", import.meta.url).pathname : null;

for (const { scheme, width } of VIEWS) {
  test.describe(`${scheme}, ${width} pixels wide`, () => {
    test.use({ colorScheme: scheme, viewport: { width, height: 900 } });
    const name = width === 320 ? "phone" : scheme;
    const pictured = pictures !== null && (width !== 320 || scheme === "light");

    test.setTimeout(240_000);
    test("every view meets WCAG 2.2 AA and fits the width", async ({ page, world }) => {
      const check = async (what: string) => {
        await expectAccessible(page, what);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(width);
        if (pictured) await page.screenshot({ path: `${pictures}${what}-${name}.png` });
      };
      await page.goto(`${world.address}/`);
      await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
      await check("sign-in");

      await openIdle(page, world);
      await check("start");
      await page.getByRole("radio", { name: /^Full run/ }).check();
      await page.getByLabel("Tracking URL").fill("");
      await page.getByRole("button", { name: "Start traffic" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectAccessible(page, "start with problems");

      await page.getByRole("button", { name: "Use the practice target" }).click();
      if (pictured) await startFullRun(page, "Extreme");
      else await startTrial(page);
      const enough = pictured ? 80 : 5;
      await expect.poll(() => hitsIn(page, "Answered OK"), { timeout: 120_000 }).toBeGreaterThan(enough);
      await check("run");
      await page.getByRole("button", { name: "View as table" }).click();
      await expectAccessible(page, "samples as a table");
      await page.getByRole("button", { name: "View as chart" }).click();
      await stopRun(page);
      await check("ended");
    });
  });
}
