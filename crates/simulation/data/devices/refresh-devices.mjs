// Makes shares.tsv, versions.tsv and screens.tsv beside itself: which browsers people use, where, and on what.
//
//   node refresh-devices.mjs CANIUSE_LITE_DIR USER_AGENTS_DIR CLDR_CORE_DIR
//
// The packages are npm's caniuse-lite (CC-BY-4.0), user-agents (BSD-2-Clause) and cldr-core (Unicode-3.0), unpacked.
// Nothing here asks the network. Models of telephones and tablets stand in models.tsv, which is written by hand.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const [caniuseDir, agentsDir, cldrDir] = process.argv.slice(2);
if (!cldrDir) throw new Error("usage: node refresh-devices.mjs CANIUSE_LITE_DIR USER_AGENTS_DIR CLDR_CORE_DIR");

const version = (dir) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).version;
const caniuse = `npm caniuse-lite ${version(caniuseDir)} (CC-BY-4.0, https://caniuse.com, from StatCounter's figures)`;
const sampled = `npm user-agents ${version(agentsDir)} (BSD-2-Clause, Intoli)`;
const { agents } = require(join(caniuseDir, "dist/unpacker/agents.js"));
const unpackRegion = require(join(caniuseDir, "dist/unpacker/region.js")).default;
const sample = JSON.parse(readFileSync(join(agentsDir, "dist/user-agents.json"), "utf8"));

// Columns of shares.tsv, by type of device.
const FAMILIES = {
  desktop: ["Windows Chrome", "Windows Edge", "Windows Firefox", "Windows Opera", "macOS Safari", "macOS Chrome", "macOS Firefox",
    "macOS Edge", "Linux Chrome", "Linux Firefox", "ChromeOS Chrome"],
  smartphone: ["iOS Safari", "iOS Chrome", "Android Chrome", "Android Samsung", "Android Firefox", "Android Opera"],
  tablet: ["iPadOS Safari", "iPadOS Chrome", "Android Chrome", "Android Samsung"],
};

// Macs' own screens and the usual ones beside them: the sample holds many machines that only say they were Macs.
const MAC = new Set(["1440x900", "1470x956", "1512x982", "1710x1107", "1728x1117", "1680x1050", "1920x1080", "2560x1440", "2240x1260", "1280x800"]);

writeFileSync(join(here, "shares.tsv"), shares());
writeFileSync(join(here, "versions.tsv"), versions());
writeFileSync(join(here, "screens.tsv"), screens());

function shares() {
  const markets = marketsOf();
  const lines = readdirSync(join(caniuseDir, "data/regions"))
    .map((file) => file.replace(".js", ""))
    .filter((region) => region.length === 2)
    .sort()
    .map((country) => [country, usage(unpackRegion(require(join(caniuseDir, `data/regions/${country}.js`))))])
    .filter(([, use]) => use("chrome") > 0 && use("ios_saf") + use("and_chr") > 0)
    .map(([country, use]) => row(country, markets.get(country) ?? "west", use));
  const world = (browser) => Object.values(agents[browser]?.usage_global ?? {}).reduce((sum, share) => sum + (share ?? 0), 0);
  return `# Shares of browsers by country and type of device, in parts of 1,000 of the type; ** stands for any other country.
# Source: ${caniuse}, reduced by refresh-devices.mjs.
# The source does not tell desktop systems apart. Own estimates: a Mac for each two shares of Safari on the desktop (people
# with a Mac use Chrome as often), 4 % Linux, 1.5 % ChromeOS of Chrome. It counts Chrome on iPhones as Chrome on Android: as
# much is moved over as ${sampled} shows, 22 % of Safari's share.
# country<TAB>market (see models.tsv)<TAB>${Object.entries(FAMILIES).map(([kind, list]) => `${kind}: ${list.join(", ")}`).join("<TAB>")}
${[...lines, row("**", "west", world)].join("\n")}
`;
}

function usage(region) {
  return (browser) =>
    Object.entries(region[browser] ?? {}).reduce((sum, [name, share]) => (name.startsWith("_") ? sum : sum + (share ?? 0)), 0);
}

function row(country, market, use) {
  const [chrome, edge, firefox, safari, opera] = ["chrome", "edge", "firefox", "safari", "opera"].map(use);
  const desktop = chrome + edge + firefox + safari + opera;
  const mac = { chrome: Math.min(0.85 * safari, 0.6 * chrome), firefox: Math.min(0.1 * safari, 0.5 * firefox), edge: Math.min(0.05 * safari, 0.3 * edge) };
  const linux = { chrome: Math.min(0.022 * desktop, 0.2 * chrome), firefox: Math.min(0.018 * desktop, 0.4 * firefox) };
  const chromeos = 0.015 * chrome;
  const iosChrome = Math.min(0.22 * use("ios_saf"), 0.5 * use("and_chr"));
  const android = use("and_chr") - iosChrome + use("and_uc") + use("and_qq") + use("baidu") + use("android");
  const samsung = use("samsung");
  const iphone = use("ios_saf");
  return [
    country,
    market,
    thousandths([chrome - mac.chrome - linux.chrome - chromeos, edge - mac.edge, firefox - mac.firefox - linux.firefox, opera,
      safari, mac.chrome, mac.firefox, mac.edge, linux.chrome, linux.firefox, chromeos]),
    thousandths([iphone, iosChrome, android, samsung, use("and_ff"), use("op_mob") + use("op_mini")]),
    // Where people carry iPhones they have iPads, and more of them than telephones.
    thousandths([1.3 * iphone, 1.6 * iosChrome, android * 0.7, android * 0.1 + samsung * 0.5]),
  ].join("\t");
}

function thousandths(parts) {
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => Math.round((1000 * part) / sum)).join(" ");
}

// Which makers sell telephones there goes by part of the world.
function marketsOf() {
  const { territoryContainment: inside } = JSON.parse(
    readFileSync(join(cldrDir, "supplemental/territoryContainment.json"), "utf8"),
  ).supplemental;
  const countries = (region) => (inside[region]?._contains ?? []).flatMap((part) => [part, ...countries(part)]);
  const markets = new Map();
  for (const [region, market] of [["142", "asia"], ["002", "africa"], ["419", "latin"]])
    for (const country of countries(region)) markets.set(country, market);
  for (const country of ["JP", "KR", "IL"]) markets.set(country, "west");
  return markets;
}

function versions() {
  const builds = new Map();
  for (const { userAgent } of sample)
    for (const [, major, build, patch] of userAgent.matchAll(/(?:Chrome|CriOS)\/(1[3-9]\d)\.0\.([6-9]\d{3})\.(\d+)/g))
      builds.set(Number(major), [Number(build), Math.max(Number(patch), builds.get(Number(major))?.[1] ?? 0)]);
  const newest = Math.max(...builds.keys());
  // Newer ones than the sample's follow every other week, some 27 builds on.
  const build = (major) => (builds.get(major) ?? [builds.get(newest)[0] + 27 * (major - newest), 60]).join(".");
  const line = (browser, list) => `${browser}\t${list.map((fields) => fields.join(" ")).join("; ")}`;
  const chromium = (browser, own) =>
    recent(browser, 5, 140).map(([share, name]) => {
      const full = `${name}.0.${build(Number(name))}`;
      return [share, name, full, own ? own(Number(name)) : full];
    });
  // Edge's own builds: 4078 in version 150, 4234 in 153 (the sample).
  const edge = (major) => `${major}.0.${4234 + 52 * (major - 153)}.${46}`;
  const plain = (browser, count, oldest) => recent(browser, count, oldest).map(([share, name]) => [share, name, name, name]);
  // Opera and Samsung Internet are built on an older Chromium, which the sample shows.
  const base = (pattern) => {
    const found = new Map();
    for (const { userAgent } of sample) {
      const own = pattern.exec(userAgent)?.[1];
      const chrome = /Chrome\/(\d+)/.exec(userAgent)?.[1];
      if (own && chrome) found.set(own, Number(chrome));
    }
    return found;
  };
  const opera = base(/OPR\/(\d+)/);
  const samsung = base(/SamsungBrowser\/(\d+)/);
  const on = (list, found) => list.flatMap(([share, name]) => (found.has(name) ? [[share, name, `${found.get(name)}.0.${build(found.get(name))}`, `${name}.0.0.0`]] : []));
  return `# Versions in use, newest last, by browser: share, version, full version of the Chromium
# inside, full version of its own (both are the version again where there is no Chromium).
# Sources: ${caniuse}: shares in the whole world;
# ${sampled}: builds. Made by refresh-devices.mjs.
# browser<TAB>share version chromium own; …
${[
  line("Chrome", chromium("chrome")),
  line("Edge", chromium("edge", edge)),
  line("Opera", on(recent("opera", 6), opera)),
  line("Samsung", on(recent("samsung", 4), samsung)),
  // The source does not tell versions of these. Opera's is an own estimate; Firefox updates by itself.
  line("Opera Mobile", [[1000, "97", opera.has("136") ? `${opera.get("136")}.0.${build(opera.get("136"))}` : "", "97.0.0.0"]]),
  line("Firefox Mobile", plain("firefox", 4).slice(-2)),
  line("Firefox", plain("firefox", 4)),
  line("Safari", plain("safari", 5)),
  line("iOS", plain("ios_saf", 5, 18)),
].join("\n")}
`;
}

// The most used versions, ascending, in parts of 1,000 of them.
function recent(browser, count, oldest = 16) {
  const used = Object.entries(agents[browser].usage_global)
    .map(([name, share]) => [share ?? 0, name.split("-").at(-1).replace(/^(\d+)$/, ["safari", "firefox"].includes(browser) ? "$1.0" : "$1")])
    .filter(([, name]) => /^\d+(\.\d+)?$/.test(name) && oldest <= Number(name))
    .sort((a, b) => b[0] - a[0])
    .slice(0, count);
  const sum = used.reduce((total, [share]) => total + share, 0);
  return used.map(([share, name]) => [Math.round((1000 * share) / sum), name]).sort((a, b) => Number(a[1]) - Number(b[1]));
}

function screens() {
  const wide = ([width, height]) => height * 1.2 <= width && width <= 3840 && 1024 <= width && 680 <= height;
  const mac = ([width, height]) => wide([width, height]) && MAC.has(`${width}x${height}`);
  // Without the one telephone that never ran iOS 18.
  const tall = ([width, height]) => 340 <= width && width < 500 && 660 <= height && width !== 420;
  return `# Screens by system, in CSS pixels: share, width x height. Source: ${sampled},
# reduced by refresh-devices.mjs to sizes that are sold.
# system<TAB>share size; …
${[
  ["Windows", top((each) => each.platform === "Win32", wide, 16)],
  ["macOS", top((each) => each.platform === "MacIntel", mac, 10)],
  ["iOS", top((each) => each.platform === "iPhone", tall, 9)],
]
  .map(([system, list]) => `${system}\t${list.join("; ")}`)
  .join("\n")}
`;
}

function top(which, fits, count) {
  const weights = new Map();
  for (const each of sample.filter(which)) {
    const size = [each.screenWidth, each.screenHeight];
    if (fits(size)) weights.set(size.join("x"), (weights.get(size.join("x")) ?? 0) + each.weight);
  }
  const list = [...weights].sort((a, b) => b[1] - a[1]).slice(0, count);
  const sum = list.reduce((total, [, weight]) => total + weight, 0);
  return list.map(([size, weight]) => `${Math.max(1, Math.round((1000 * weight) / sum))} ${size}`);
}
