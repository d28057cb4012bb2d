import {
  ask,
  expect,
  expectAccessible,
  forgetConfiguration,
  newestRun,
  openSignedIn,
  saveConfiguration,
  stopRun,
  test,
} from "./test";

test.afterEach(({ page, world }) => forgetConfiguration(page, world));

test("an unconfirmed target gets 50 visits and never 51, and a token that is gone is asked for", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await openSignedIn(page, world);
  // The practice target by another name, which nobody confirmed.
  const url = `${world.matomo.replace("127.0.0.1", "localhost")}/matomo.php`;
  const load = { pacing: "compressed", pause_min: 0.1, pause_max: 0.2 };
  await saveConfiguration(page, world, { targets: [{ url }], load }, world.token);
  const refused = await ask(page, world, "POST", "/api/runs", { data: { use_configuration: true, trial: 51 } });
  expect(refused.status()).toBe(409);
  expect(((await refused.json()) as { code: string }).code).toBe("target.unconfirmed");

  await page.goto(`${world.address}/setup`);
  await expect(page.getByRole("radio", { name: /^Saved configuration/ })).toBeChecked();
  await page.getByRole("radio", { name: /^Full run/ }).check();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was typed");
  await page.getByRole("radio", { name: /^Trial of 50 visits/ }).check();
  await page.getByRole("button", { name: "Start traffic" }).click();
  await expect(page.getByRole("heading", { name: "How it ended" })).toBeVisible({ timeout: 120_000 });
  const run = await newestRun(page, world);
  expect(run).toMatchObject({ state: "succeeded", trial: 50, visits: { planned: 50, started: 50, finished: 50 } });

  // It ended for good, so its token was deleted.
  await page.getByRole("button", { name: "Run again", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("token");
  await page.getByRole("button", { name: "Go on with this token" }).click();
  await expect(page.getByText("Nothing was typed. Type or paste the token.")).toBeVisible();
  await expectAccessible(page, "a token that is asked for");
  await page.getByLabel("Token", { exact: true }).fill(world.token);
  await page.getByRole("button", { name: "Go on with this token" }).click();
  await expect(page).not.toHaveURL(new RegExp(`/runs/${run.id}$`));
  expect((await newestRun(page, world)).token_set).toBe(true);
  await stopRun(page);
});
