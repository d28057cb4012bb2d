import type { RunView } from "../src/api/types";
import { chooseAt, pressAt, tabTo, typeAt } from "./keys";
import { ask, expect, expectAccessible, openSignedIn, test } from "./test";
import type { World } from "./world";

/** Signs in once more, as another browser would; answers with what to send along. */
async function otherSession(world: World): Promise<{ Cookie: string }> {
  const answer = await fetch(`${world.address}/api/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "User-Agent": "Firefox/140.0" },
    body: JSON.stringify({ key: world.key }),
  });
  expect(answer.status).toBe(204);
  return { Cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
}

test("a key is shown once, works, and is revoked", async ({ page, world }) => {
  await openSignedIn(page, world, "/settings/keys");
  await page.getByLabel("Name").fill("nightly job");
  await page.getByRole("button", { name: "Make key" }).click();
  const secret = (await page.getByRole("alert").locator("code").innerText()).trim();
  const headers = { "X-API-Key": secret };
  expect((await fetch(`${world.address}/api/status`, { headers })).status).toBe(200);
  await expectAccessible(page, "a new key");
  await page.getByRole("button", { name: "I have copied it" }).click();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Revoke nightly job" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("No keys yet", { exact: false })).toBeVisible();
  expect((await fetch(`${world.address}/api/status`, { headers })).status).toBe(401);
  await page.getByRole("link", { name: "Audit list" }).click();
  await expect(page.getByText("key.revoke").first()).toBeVisible();
});

test("another browser is signed out from the list of sessions, and let in with a link", async ({ page, world }) => {
  const headers = await otherSession(world);
  await openSignedIn(page, world, "/settings/sessions");
  const table = page.getByRole("region", { name: "Table of sessions" });
  await expect(table).toContainText("(this one)");
  const row = table.getByRole("row").filter({ hasText: "Firefox" }).first();
  await row.getByRole("button", { name: /^End/ }).click();
  await expect(row).toContainText("That browser has to sign in again.");
  await row.getByRole("button", { name: "End session" }).click();
  await expect(table.getByRole("row").filter({ hasText: "Firefox" })).toHaveCount(0);
  expect((await fetch(`${world.address}/api/status`, { headers })).status).toBe(401);
  await page.getByRole("button", { name: "Make a sign-in link" }).click();
  const link = await page.getByRole("alert").locator("code").innerText();
  await page.context().clearCookies();
  await page.goto(link.trim());
  await expect(page.getByRole("heading", { level: 1, name: "Traffic" })).toBeVisible();
});

test("a key is made and revoked with the keyboard alone", async ({ page, world }) => {
  await openSignedIn(page, world, "/settings/keys");
  await typeAt(page, page.getByLabel("Name"), "by keys");
  await tabTo(page, page.getByRole("radio", { name: "Only read" }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "Do everything" })).toBeChecked();
  await chooseAt(page, page.getByLabel("Ends after"), "30 days");
  await pressAt(page, page.getByRole("button", { name: "Make key" }));
  await expect(page.getByRole("alert")).toBeFocused();
  await pressAt(page, page.getByRole("button", { name: "I have copied it" }));
  await pressAt(page, page.getByRole("button", { name: "Revoke by keys" }));
  await expect(page.getByRole("button", { name: "Revoke key" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("No keys yet", { exact: false })).toBeVisible();
});

test("each part of the settings is reached and used with the keyboard alone", async ({ page, world }) => {
  await openSignedIn(page, world, "/settings/keys");
  const parts = page.getByRole("navigation", { name: "Parts of the settings" });
  for (const part of ["Sessions", "Audit list", "Confirmed hosts", "About", "Appearance"]) {
    await pressAt(page, parts.getByRole("link", { name: part }));
    await expect(page.getByRole("heading", { level: 1, name: part })).toBeFocused();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: part })).toBeVisible();
  }
  await tabTo(page, page.getByRole("main").getByRole("radio", { checked: true }));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test("a confirmed host is forgotten, by mouse and by keyboard", async ({ page, world }) => {
  await openSignedIn(page, world, "/settings/hosts");
  /** With a run that is put off and called off, so that nothing is sent. */
  const confirm = async (host: string) => {
    const config = { targets: [{ url: `https://${host}/matomo.php` }] };
    const start_at = new Date(Date.now() + 3_600_000).toISOString();
    const data = { preset: "light", config, confirm_target: host, start_at };
    const started = await ask(page, world, "POST", "/api/runs", { data });
    expect(started.ok()).toBe(true);
    const { id } = (await started.json()) as { id: string };
    await ask(page, world, "POST", `/api/runs/${id}/stop`);
    await expect
      .poll(async () => ((await (await ask(page, world, "GET", `/api/runs/${id}`)).json()) as RunView).state)
      .toBe("cancelled");
    await page.reload();
  };
  const row = (host: string) => page.getByRole("row").filter({ hasText: host });
  await confirm("one.example");
  await row("one.example")
    .getByRole("button", { name: /^Forget/ })
    .click();
  await row("one.example").getByRole("button", { name: "Forget host" }).click();
  await expect(row("one.example")).toHaveCount(0);
  await confirm("two.example");
  await pressAt(page, row("two.example").getByRole("button", { name: /^Forget/ }));
  await page.keyboard.press("Enter");
  await expect(row("two.example")).toHaveCount(0);
});
