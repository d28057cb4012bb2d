import type { Page } from "@playwright/test";
import { pressAt, tabTo, typeAt } from "./keys";
import { expect, newestRun, openIdle, test } from "./test";
import type { World } from "./world";

/** Tomorrow's date as the browser reckons it: year, month, day. */
async function tomorrow(page: Page): Promise<readonly [string, string, string]> {
  const day = await page.evaluate(() => {
    const date = new Date(Date.now() + 86_400_000);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  });
  const [year = "", month = "", date = ""] = day.map((part) => String(part).padStart(2, "0"));
  return [year, month, date];
}

/** Digits of a coming date whose day and month are the same number, in whatever order the browser asks for them. */
function soon(page: Page): Promise<string> {
  return page.evaluate(() => {
    const next = new Date(Date.now() + 86_400_000);
    while (next.getDate() !== next.getMonth() + 1) next.setDate(next.getDate() + 1);
    const part = String(next.getDate()).padStart(2, "0");
    return `${part}${part}${next.getFullYear()}`;
  });
}

/** The run waits for two o'clock, has sent nothing, and is called off. */
async function expectWaitingThenCancel(page: Page, world: World, cancel: () => Promise<void>): Promise<void> {
  const before = await world.hits();
  await expect(page.getByText(/^Waiting: .* starts .*02:00.*, in /)).toBeVisible();
  const run = await newestRun(page, world);
  expect(run.start_at).toMatch(/T0[01]:00:00/);
  await cancel();
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 60_000 });
  expect((await newestRun(page, world)).state).toBe("cancelled");
  expect(await world.hits()).toBe(before);
}

test("a run is put off until 02:00, waits in words, and is called off", async ({ page, world }) => {
  await openIdle(page, world);
  await page.getByText("Name, notes, start later").click();
  const [year, month, day] = await tomorrow(page);
  await page.getByLabel("Start at").fill(`${year}-${month}-${day}T02:00`);
  await expect(page.getByText(/^That is .*02:00.* here\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expectWaitingThenCancel(page, world, () => page.getByRole("button", { name: "Stop", exact: true }).click());
});

test("a later start is typed, named and called off with the keyboard alone", async ({ page, world }) => {
  await openIdle(page, world);
  await pressAt(page, page.getByText("Name, notes, start later"));
  await typeAt(page, page.getByLabel("Name", { exact: true }), "by night");
  await tabTo(page, page.getByLabel("Start at"));
  // Half a moment is no "at once".
  await page.keyboard.type("12");
  await pressAt(page, page.getByRole("button", { name: "Start traffic" }));
  await expect(page.getByLabel("Start at")).toHaveAttribute("aria-invalid", "true");
  await pressAt(page, page.getByRole("link", { name: /^Date and time are not complete/ }));
  await expect(page.getByLabel("Start at")).toBeFocused();
  await page.keyboard.type(await soon(page));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("0200");
  // Where the clock has twelve hours; nothing where it has twenty-four.
  await page.keyboard.type("A");
  await pressAt(page, page.getByRole("button", { name: "Start traffic" }));
  await expect(page.getByRole("heading", { level: 1, name: "by night" })).toBeFocused();
  await expectWaitingThenCancel(page, world, () =>
    pressAt(page, page.getByRole("button", { name: "Stop", exact: true })),
  );
});

test("a host that bills by hits is refused without a budget and accepted with one", async ({ page, world }) => {
  await openIdle(page, world);
  const host = "trafficinator-e2e.matomo.cloud";
  await page.getByLabel("Tracking URL").fill(`https://${host}/matomo.php`);
  await page.getByRole("radio", { name: /^Full run/ }).check();
  await expect(page.getByText(/This host bills by hits/)).toBeVisible();
  await page.getByLabel("Type the host name").fill(host);
  // Put off, so that nothing is ever sent there.
  await page.getByText("Name, notes, start later").click();
  const [year, month, day] = await tomorrow(page);
  await page.getByLabel("Start at").fill(`${year}-${month}-${day}T02:00`);
  await page.getByRole("button", { name: "Start traffic" }).click();
  const budget = page.getByLabel("Hit budget");
  await expect(budget).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("link", { name: /A budget is needed/ }).click();
  await expect(budget).toBeFocused();
  await budget.fill("2500");
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByText(/^Waiting: /)).toBeVisible();
  const run = await newestRun(page, world);
  expect(run.config).toMatchObject({ load: { stop_after_hits: 2500 } });
  await expectWaitingThenCancel(page, world, () => page.getByRole("button", { name: "Stop", exact: true }).click());
});
