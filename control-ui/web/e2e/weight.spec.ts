import { expect, openSignedIn, test } from "./test";

/** What the first page may cost over the wire, in kB; half as much again as it does. */
const MOST_KB = 330;
/** A line and a machine slower than those of most people: bits a second, milliseconds, times slower. */
const LINE = { bits: 10e6, latency: 40, slower: 4 };

test("the first page is light, and each further place brings only its own", async ({ page, world }) => {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  const asked = new Set<string>();
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  page.on("request", (request) => {
    if (request.url().includes("/assets/")) asked.add(request.url());
  });
  const throughput = LINE.bits / 8;
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LINE.latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: LINE.slower });
  await openSignedIn(page, world, "/");
  await expect(page.getByText("Live").first()).toBeVisible();
  // Interactive: drawn, and the thread free to answer.
  const ready = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestIdleCallback(() => {
          resolve(performance.now());
        });
      }),
  );
  const firstBytes = bytes;
  const firstFiles = asked.size;
  test.info().annotations.push({
    type: "measured",
    description: `${(firstBytes / 1000).toFixed(0)} kB in ${firstFiles} files, interactive after ${ready.toFixed(0)} ms`,
  });
  expect(firstBytes / 1000, "kB over the wire").toBeLessThan(MOST_KB);
  await page.getByRole("navigation").first().getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Configuration" })).toBeVisible();
  expect(asked.size).toBeGreaterThan(firstFiles);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Configuration" })).toBeVisible();
});
