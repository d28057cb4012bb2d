import type { Page } from "@playwright/test";
import { pour, startFeed } from "./feed";
import { pressAt, tabTo, typeAt } from "./keys";
import { expect, openSignedIn, test } from "./test";

/** Lines a second that the page has to bear. */
const RATE = 500;
/** For so long, in seconds: more lines than the page keeps. */
const FOR_S = 12;

const lines = (page: Page) => page.getByRole("region", { name: "Log lines" });
const first = (page: Page) => lines(page).getByRole("listitem").first();
const atEnd = (page: Page) => lines(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 24);

test("logs are filtered in the address, copied and downloaded", async ({ page, world, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: world.address });
  await openSignedIn(page, world, "/logs?source=control");
  await expect(first(page)).toHaveAttribute("aria-posinset", /^\d+$/);
  await page.getByLabel("Contains").fill("no line holds this");
  await expect(page.getByText(/^0 of \d+ lines/).first()).toBeVisible();
  await expect(page).toHaveURL(/text=no\+line\+holds\+this/);
  await page.getByRole("button", { name: "Clear filter" }).click();
  await expect(first(page)).toBeVisible();
  await page.getByLabel("Level").selectOption({ label: "Errors alone" });
  await expect(page).toHaveURL(/level=error/);
  await page.getByLabel("Level").selectOption({ label: "All levels" });
  await page.getByRole("button", { name: "Copy lines" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\d{4}-\d\d-\d\dT\S+ info /);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("control-ui.log");
});

test("a log is filtered, scrolled, followed and copied with the keyboard alone", async ({ page, world, allowed }) => {
  const feed = await startFeed(world);
  allowed.add(feed.address);
  try {
    await openSignedIn(page, { ...world, address: feed.address }, "/logs?source=control");
    await expect(first(page)).toBeVisible();
    await expect.poll(feed.readers).toBe(1);
    feed.say(200);
    await expect(page.getByText(/visit 200 of/)).toBeVisible();
    await expect.poll(() => atEnd(page)).toBe(true);
    await tabTo(page, lines(page));
    await page.keyboard.press("Home");
    await expect(page.getByRole("button", { name: "To the newest" })).toBeVisible();
    feed.say(3);
    const newer = page.getByRole("button", { name: "3 new lines" });
    await pressAt(page, newer);
    await expect(lines(page)).toBeFocused();
    await expect.poll(() => atEnd(page)).toBe(true);
    await page.keyboard.press("Shift+Tab");
    await page.evaluate(() => document.getElementById("main")?.focus());
    await typeAt(page, page.getByLabel("Contains"), "visit 203 of");
    await expect(lines(page).getByRole("listitem")).toHaveCount(1);
    await pressAt(page, page.getByRole("button", { name: "Copy lines" }));
  } finally {
    await feed.end();
  }
});

interface Strain {
  readonly frames: number[];
  readonly tasks: number[];
}

test(`${RATE} lines a second leave the page swift and its memory bounded`, async ({ page, world, allowed }) => {
  const feed = await startFeed(world);
  allowed.add(feed.address);
  try {
    await openSignedIn(page, { ...world, address: feed.address }, "/logs?source=control");
    await expect(first(page)).toBeVisible();
    await expect.poll(feed.readers).toBe(1);
    await page.evaluate(() => {
      const strain: Strain = { frames: [], tasks: [] };
      Object.assign(window, { strain });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) strain.tasks.push(duration);
      }).observe({ entryTypes: ["longtask"] });
      let last = performance.now();
      const frame = (now: number) => {
        strain.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const poured = pour(feed, RATE, FOR_S);
    // Under that rain the page still answers: a filter is set and taken away.
    await page.getByLabel("Contains").fill("of a feed");
    await expect(page).toHaveURL(/text=of\+a\+feed/);
    await page.getByLabel("Level").selectOption({ label: "Warnings and errors" });
    await expect(page.getByText(/^[\d,]+ of [\d,]+ lines/).last()).toBeVisible();
    await page.getByLabel("Level").selectOption({ label: "All levels" });
    await page.getByLabel("Contains").fill("");
    await poured;
    await expect(page.getByText(new RegExp(`visit ${RATE * FOR_S} of`))).toBeVisible();
    await expect.poll(() => atEnd(page)).toBe(true);

    const { frames, tasks } = await page.evaluate(() => (window as unknown as { strain: Strain }).strain);
    const sorted = [...frames].sort((a, b) => a - b);
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Infinity;
    const busy = tasks.reduce((sum, task) => sum + task, 0);
    const heap = await page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
    test.info().annotations.push({
      type: "measured",
      description: `frames p95 ${p95.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0) ?? "?"} ms; ${tasks.length} long tasks, ${busy.toFixed(0)} ms in all; heap ${(heap / 1e6).toFixed(0)} MB`,
    });
    // Generous, because the machine is shared: a page that draws each line by itself stands still for seconds.
    expect(Math.max(0, ...tasks), "longest task in ms").toBeLessThan(1000);
    expect(busy, "ms in long tasks").toBeLessThan(FOR_S * 1000 * 0.5);
    expect(await lines(page).getByRole("listitem").count()).toBeLessThan(120);
    expect(await page.locator("*").count(), "elements").toBeLessThan(1500);
    await expect(page.getByText(/^5,000 lines\..*[\d,]+ earlier lines are not shown/)).toBeVisible();
    expect(heap, "bytes of memory").toBeLessThan(150e6);
  } finally {
    await feed.end();
  }
});
