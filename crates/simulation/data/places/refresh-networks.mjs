// Makes networks.tsv: for each country the largest address blocks on which two open sets agree.
//
//   node refresh-networks.mjs ASN_PACKAGE_DIR WHOIS_PACKAGE_DIR > networks.tsv
//
// The packages are npm's @ip-location-db/asn-country and geo-whois-asn-country (both CC0-1.0), unpacked.
// Largest, because eyeball networks are: clouds and companies hold many small blocks. Nothing here asks the network.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// How many blocks a country may have, by how many addresses it has: the table stays small.
const BLOCKS_V4 = [[2 ** 24, 64], [2 ** 21, 32], [2 ** 17, 16], [0, 8]];
const BLOCKS_V6 = 12;
// Providers of people hold at least this much; smaller blocks are taken where there is nothing else.
const PROVIDER_V6_BITS = 29;

// Blocks of armed forces, companies and clouds: registered in the country, but no visitor's.
// Source: IANA's registries of IPv4 and IPv6 address space, and the holders' own published ranges.
const NOT_VISITORS_V4 = new Set([
  3, 4, 6, 7, 8, 9, 11, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 28, 29, 30, 32, 33, 34, 35, 38, 40, 43, 44,
  48, 51, 52, 53, 54, 55, 56, 57, 131, 132, 136, 140, 214, 215,
]);
const NOT_VISITORS_V6 = [
  ["2600:1f00", 24], ["2600:9000", 28], ["2600:1900", 28], ["2603:1000", 24], ["2607:f8b0", 32],
  ["2608", 14], ["2620", 23], ["2a01:111", 32], ["2a05:d000", 25], ["2406:da00", 24], ["2001:4860", 32], ["2a00:1450", 32],
].map(([prefix, bits]) => block6(prefix, bits));

// Matomo's own bot ranges lie in these; crates/tracking knows them exactly.
const LEFT_OUT_V4 = [
  ["64.4.0.0", 18], ["64.18.0.0", 20], ["64.233.160.0", 19], ["65.52.0.0", 14], ["66.102.0.0", 20],
  ["66.249.80.0", 20], ["72.14.192.0", 18], ["72.30.192.0", 19], ["74.125.0.0", 16], ["98.137.192.0", 19],
  ["131.253.16.0", 20], ["157.54.0.0", 15], ["157.56.0.0", 14], ["157.60.0.0", 16], ["173.194.0.0", 16],
  ["207.46.0.0", 16], ["207.68.128.0", 17], ["207.126.144.0", 20], ["209.85.128.0", 17],
  ["216.239.32.0", 19], ["1.202.218.0", 24],
  // The European Commission's own networks, registered in Luxembourg and Brussels.
  ["147.67.0.0", 16], ["158.166.0.0", 15], ["158.168.0.0", 15],
].map(([address, bits]) => [number4(address), number4(address) + (1n << BigInt(32 - bits)) - 1n]);

const here = dirname(fileURLToPath(import.meta.url));
const countries = readFileSync(join(here, "countries.tsv"), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t")[0]);

const [asnDir, whoisDir] = process.argv.slice(2);
if (!whoisDir) throw new Error("usage: node refresh-networks.mjs ASN_PACKAGE_DIR WHOIS_PACKAGE_DIR");

const v4 = blocks("ipv4", 32, (first, last) =>
  NOT_VISITORS_V4.has(Number(first >> 24n)) || LEFT_OUT_V4.some((range) => overlap(range, first, last)),
);
const v6 = blocks("ipv6", 128, (first, last) => NOT_VISITORS_V6.some((range) => overlap(range, first, last)));

const version = (dir) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).version;
console.log(`# Address blocks by country: the largest on which both sources agree, in ascending order.
# Sources: npm @ip-location-db/asn-country ${version(asnDir)} and
# @ip-location-db/geo-whois-asn-country ${version(whoisDir)} (2026-06), both CC0-1.0.
# Made by refresh-networks.mjs, which leaves out armed forces, clouds and Matomo's bot ranges.
# country<TAB>IPv4 blocks<TAB>IPv6 blocks, perhaps none`);
for (const country of countries) {
  const small = v4.get(country) ?? [];
  const size = small.reduce((sum, [, bits]) => sum + 2 ** (32 - bits), 0);
  const most = BLOCKS_V4.find(([from]) => from <= size)[1];
  const providers = (v6.get(country) ?? []).filter(([, bits]) => bits <= PROVIDER_V6_BITS);
  const wide = largest(providers.length > 1 ? providers : (v6.get(country) ?? []), BLOCKS_V6);
  console.log([country, largest(small, most).map(text4).join(" "), wide.map(text6).join(" ")].join("\t"));
}

// Blocks [first address, bits of the prefix] by country.
function blocks(family, width, unwanted) {
  const asn = ranges(join(asnDir, `asn-country-${family}-num.csv`));
  const whois = ranges(join(whoisDir, `geo-whois-asn-country-${family}-num.csv`));
  const found = new Map();
  take(merged(agreeing(asn, whois)), () => true);
  // Some islands are in one source only.
  const alone = new Set(countries.filter((country) => !found.has(country)));
  if (width === 32) take(merged(whois), (country) => alone.has(country));
  return found;

  function take(list, wanted) {
    for (const [first, last, country] of list) if (wanted(country)) addBlocks(first, last, country);
  }

  function addBlocks(first, last, country) {
    for (const [start, bits] of aligned(first, last, width)) {
      // A host or two is nobody's network, and no IPv6 customer gets less than a /64 of a /48.
      if (bits > (width === 32 ? 24 : 48)) continue;
      const end = start + (1n << BigInt(width - bits)) - 1n;
      if (unwanted(start, end)) continue;
      if (!found.has(country)) found.set(country, []);
      found.get(country).push([start, bits]);
    }
  }
}

function largest(list, count) {
  return [...list]
    .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, count)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

// Some rows lie within others: the same country is told once, and where countries differ, neither is believed.
function ranges(file) {
  const rows = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","))
    .map(([first, last, country]) => [BigInt(first), BigInt(last), country.trim()])
    .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const kept = [];
  let covered = -1n;
  for (const [first, last, country] of rows) {
    const before = kept.at(-1);
    if (covered < first) kept.push([first, last, country]);
    else if (before[2] === country && before[1] === covered) before[1] = last > covered ? last : covered;
    else {
      const end = before[1];
      if (first <= end) before[1] = first - 1n;
      if (last < end) kept.push([last + 1n, end, before[2]]);
      if (covered < last) kept.push([covered + 1n, last, country]);
    }
    if (covered < last) covered = last;
  }
  return kept.filter(([first, last]) => first <= last);
}

// Both lists ascend and do not overlap in themselves.
function* agreeing(a, b) {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = a[i][0] > b[j][0] ? a[i][0] : b[j][0];
    const last = a[i][1] < b[j][1] ? a[i][1] : b[j][1];
    if (first <= last && a[i][2] === b[j][2]) yield [first, last, a[i][2]];
    if (a[i][1] < b[j][1]) i += 1;
    else j += 1;
  }
}

// Neighbours become one range.
function* merged(list) {
  let open = null;
  for (const range of list) {
    if (open && open[2] === range[2] && open[1] + 1n === range[0]) open[1] = range[1];
    else {
      if (open) yield open;
      open = [...range];
    }
  }
  if (open) yield open;
}

// A range as blocks whose first address is a multiple of their size, none above a /10 or a /20.
function* aligned(first, last, width) {
  const widest = BigInt(width === 32 ? 22 : 108);
  while (first <= last) {
    let log = 0n;
    while (log < widest && (first & ((2n << log) - 1n)) === 0n && first + (2n << log) - 1n <= last) log += 1n;
    yield [first, width - Number(log)];
    first += 1n << log;
  }
}

function overlap([low, high], first, last) {
  return first <= high && low <= last;
}

function number4(address) {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function text4([value, bits]) {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".") + "/" + bits;
}

function block6(prefix, bits) {
  const groups = prefix.split(":");
  const first = groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) << BigInt(128 - 16 * groups.length);
  return [first, first + (1n << BigInt(128 - bits)) - 1n];
}

function text6([value, bits]) {
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  while (groups.length > 1 && groups.at(-1) === "0") groups.pop();
  return `${groups.join(":")}::/${bits}`;
}
