// Makes networks.tsv: for each country the largest address ranges on which two open sets agree.
//
//   npm pack @ip-location-db/asn-country @ip-location-db/geo-whois-asn-country   (both CC0-1.0)
//   unpack both, then: node refresh-networks.mjs ASN_PACKAGE_DIR WHOIS_PACKAGE_DIR > networks.tsv
//
// Golden files change with it: review them (`cargo insta review`) and say so in the changelog.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const RANGES_PER_COUNTRY = 40;

// Legacy blocks of armed forces, companies and clouds: registered in the country, but no visitor's.
// Source: IANA IPv4 address space registry, and the holders' own published ranges.
const NOT_VISITORS = new Set([
  3, 4, 6, 7, 8, 9, 11, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 28, 29, 30, 32, 33, 34, 35, 38, 40, 44,
  48, 51, 52, 53, 54, 55, 56, 57, 131, 132, 136, 140, 214, 215,
]);

// Matomo's own bot ranges lie in these /16s and larger; crates/tracking knows them exactly.
const BOT_NEIGHBOURS = [
  ["64.4.0.0", 18], ["64.18.0.0", 20], ["64.233.160.0", 19], ["65.52.0.0", 14], ["66.102.0.0", 20],
  ["66.249.80.0", 20], ["72.14.192.0", 18], ["72.30.192.0", 19], ["74.125.0.0", 16], ["98.137.192.0", 19],
  ["131.253.16.0", 20], ["157.54.0.0", 15], ["157.56.0.0", 14], ["157.60.0.0", 16], ["173.194.0.0", 16],
  ["207.46.0.0", 16], ["207.68.128.0", 17], ["207.126.144.0", 20], ["209.85.128.0", 17],
  ["216.239.32.0", 19], ["1.202.218.8", 32],
].map(([address, bits]) => [number(address), number(address) + 2 ** (32 - bits) - 1]);

const here = dirname(fileURLToPath(import.meta.url));
const countries = readFileSync(join(here, "places.tsv"), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t")[0]);

const [asnDir, whoisDir] = process.argv.slice(2);
if (!whoisDir) throw new Error("usage: node refresh-networks.mjs ASN_PACKAGE_DIR WHOIS_PACKAGE_DIR");
const asn = ranges(join(asnDir, "asn-country-ipv4-num.csv"));
const whois = ranges(join(whoisDir, "geo-whois-asn-country-ipv4-num.csv"));

const agreed = new Map(countries.map((country) => [country, []]));
for (const [first, last, country] of merged(agreeing(asn, whois))) {
  const wanted = agreed.get(country);
  if (!wanted || NOT_VISITORS.has(Math.floor(first / 2 ** 24))) continue;
  if (BOT_NEIGHBOURS.some(([low, high]) => first <= high && low <= last)) continue;
  wanted.push([first, last]);
}

const version = (dir) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).version;
console.log(`# Address ranges by country: the ${RANGES_PER_COUNTRY} largest on which both sources agree, in ascending order.
# Sources: npm @ip-location-db/asn-country ${version(asnDir)} and
# @ip-location-db/geo-whois-asn-country ${version(whoisDir)} (2026), both CC0-1.0.
# Made by refresh-networks.mjs, which leaves out armed forces, clouds and Matomo's bot ranges.
# country<TAB>first-last first-last …`);
for (const [country, list] of agreed) {
  const largest = list
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]) || a[0] - b[0])
    .slice(0, RANGES_PER_COUNTRY)
    .sort((a, b) => a[0] - b[0]);
  console.log(`${country}\t${largest.map((range) => range.map(text).join("-")).join(" ")}`);
}

function ranges(file) {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","))
    .map(([first, last, country]) => [Number(first), Number(last), country.trim()]);
}

// Both lists ascend and do not overlap in themselves.
function* agreeing(a, b) {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = Math.max(a[i][0], b[j][0]);
    const last = Math.min(a[i][1], b[j][1]);
    if (first <= last && a[i][2] === b[j][2]) yield [first, last, a[i][2]];
    if (a[i][1] < b[j][1]) i += 1;
    else j += 1;
  }
}

// Neighbours become one range, but never across a /8, so that whole /8s can be left out.
function* merged(list) {
  let open = null;
  for (const range of splitAtBlocks(list)) {
    const inside = range[0] % 2 ** 24 !== 0;
    if (open && inside && open[2] === range[2] && open[1] + 1 === range[0]) open[1] = range[1];
    else {
      if (open) yield open;
      open = [...range];
    }
  }
  if (open) yield open;
}

function* splitAtBlocks(list) {
  for (let [first, last, country] of list) {
    while (first <= last) {
      const end = Math.min(last, (Math.floor(first / 2 ** 24) + 1) * 2 ** 24 - 1);
      yield [first, end, country];
      first = end + 1;
    }
  }
}

function number(address) {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function text(value) {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
