// Backfills that are refused: what stands beside the field says what to change. The command line and the API are tested
// with the same cases.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, openSignedIn, test } from "./test";

interface Case {
  readonly name: string;
  readonly backfill: Readonly<Record<string, string | number>>;
  readonly pointer: string;
  readonly hint: string;
  readonly without_token?: boolean;
  readonly not_on_the_page?: string;
}

const file = new URL("../../../tests/fixtures/backfill-refusals.json", import.meta.url);
const { base, cases } = JSON.parse(readFileSync(file, "utf8")) as {
  base: { targets: [{ url: string; token_auth: string }]; load: { visits_per_day: number } };
  cases: readonly Case[];
};

/** The field of a setting; of a target's token, the one that is typed. */
function fieldOf(page: Page, pointer: string) {
  const setting = pointer.slice(1).replaceAll("/", "-");
  return page.locator(pointer === "/targets/0/token_auth" ? "#target-token" : `#setting-${setting}`);
}

test("a backfill that is refused says beside the field what to change", async ({ page, world }) => {
  await openSignedIn(page, world, "/backfill");
  const start = page.getByRole("button", { name: "Start backfill" });
  await expect(start).toBeVisible();
  for (const { name, backfill, pointer, hint, without_token, not_on_the_page } of cases) {
    if (not_on_the_page !== undefined) continue;
    await test.step(name, async () => {
      await page.reload();
      await expect(start).toBeVisible();
      const [target] = base.targets;
      await page.getByLabel("Tracking URL").fill(target.url);
      await page.getByLabel("Token", { exact: true }).fill(without_token === true ? "" : target.token_auth);
      await fieldOf(page, "/load/visits_per_day").fill(String(base.load.visits_per_day));
      if ("days_back" in backfill) await page.getByRole("radio", { name: "Days back" }).check();
      else for (const end of ["start_date", "end_date"]) await fieldOf(page, `/backfill/${end}`).fill("");
      for (const [setting, value] of Object.entries(backfill)) {
        await fieldOf(page, `/backfill/${setting}`).fill(String(value));
      }
      const plan = page.getByRole("region", { name: "The plan" });
      await expect(plan).toContainText("One thing stands in the way");
      await expect(fieldOf(page, pointer)).toHaveAccessibleDescription(new RegExp(hint, "i"));
      await start.click();
      const refused = page.getByRole("alert");
      await expect(refused).toContainText(new RegExp(hint, "i"));
      await refused.getByRole("link").click();
      await expect(fieldOf(page, pointer)).toBeFocused();
    });
  }
});
