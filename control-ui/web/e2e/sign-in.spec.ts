import { pressAt, typeAt } from "./keys";
import { expect, openIdle, test } from "./test";

test("the printed link signs in once and leaves no code in the address", async ({ page, browser, world }) => {
  await page.goto(world.firstLink);
  await expect(page.getByRole("heading", { level: 1, name: "Traffic" })).toBeVisible();
  expect(page.url()).toBe(`${world.address}/`);

  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(world.firstLink);
  await expect(other.getByRole("alert")).toContainText("This link was not accepted");
  expect(other.url()).toBe(`${world.address}/`);
  await stranger.close();
});

test("another link can be made on the command line", async ({ page, world }) => {
  await page.goto(world.loginLink());
  await expect(page.getByRole("heading", { level: 1, name: "Traffic" })).toBeVisible();
});

test("a key signs in; a wrong one is refused beside its field", async ({ page, world }) => {
  await page.goto(`${world.address}/`);
  const field = page.getByLabel("API key", { exact: true });
  await field.fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill(world.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Traffic" })).toBeVisible();
});

test("the session survives a reload and ends with the sign-out", async ({ page, world }) => {
  await openIdle(page, world);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Start traffic" })).toBeVisible();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("a session that ended elsewhere brings back the sign-in", async ({ page, world }) => {
  await openIdle(page, world);
  await page.context().clearCookies();
  await page.getByRole("radio", { name: /^Heavy/ }).check();
  await expect(page.getByRole("alert")).toContainText("The session has ended");
});

test("somebody signs in and out with the keyboard alone", async ({ page, world }) => {
  await page.goto(`${world.address}/`);
  await typeAt(page, page.getByLabel("API key", { exact: true }), world.key);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Traffic" })).toBeVisible();
  await pressAt(page, page.getByRole("button", { name: "Account" }), "Space");
  await pressAt(page, page.getByRole("button", { name: "Sign out" }));
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});
