// The keyboard alone: what a person without a mouse does.
import { expect, type Locator, type Page } from "@playwright/test";

/** More presses of Tab than any page needs. */
const MOST_TABS = 200;

/** Moves the focus with Tab, forwards, until it is there. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeAttached();
  const handle = await control.elementHandle();
  for (let presses = 0; presses < MOST_TABS; presses++) {
    if (await page.evaluate((wanted) => document.activeElement === wanted, handle)) return;
    await page.keyboard.press("Tab");
  }
  await expect(control, "reached with Tab").toBeFocused();
}

/** Moves there and presses Enter, as for a link or a button. */
export async function pressAt(page: Page, control: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}

/** Moves there and chooses an option with the arrow keys: letters are put together by how fast they follow. */
export async function chooseAt(page: Page, select: Locator, option: string): Promise<void> {
  await tabTo(page, select);
  const options = await select.locator("option").allTextContents();
  const wanted = options.indexOf(option);
  expect(wanted, `${option} is one of ${options.join(", ")}`).toBeGreaterThanOrEqual(0);
  const chosen = () => select.evaluate((element: HTMLSelectElement) => element.selectedIndex);
  for (let at = await chosen(); at !== wanted; at = await chosen()) {
    const next = at + Math.sign(wanted - at);
    await page.keyboard.press(next > at ? "ArrowDown" : "ArrowUp");
    await expect.poll(chosen).toBe(next);
  }
}

/** Moves there and replaces what stands in a field. */
export async function typeAt(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}
