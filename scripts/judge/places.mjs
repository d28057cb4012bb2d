// Looks visitors' addresses up in an address database that was not used to make them.
//
//   visitors | node places.mjs GEOLITE_PACKAGE_DIR [--only-tell]
//
// The package is npm's @ip-location-db/geolite2-country, unpacked. Its licence forbids keeping it: it is fetched for
// the judgement alone.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const OVERALL = 0.97;
const EACH = 0.9;
// A country of fewer visitors is not judged by itself.
const ENOUGH = 200;

const [dir, onlyTell] = process.argv.slice(2);
const database = { 4: load("ipv4"), 6: load("ipv6") };
const judged = new Map();
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const { country, ip } = JSON.parse(line);
  const found = look(ip);
  for (const key of [country, ip.includes(":") ? "IPv6" : "IPv4", "all"]) {
    const score = judged.get(key) ?? { draws: 0, right: 0 };
    score.draws += 1;
    score.right += found === country ? 1 : 0;
    judged.set(key, score);
  }
}

const share = ({ draws, right }) => right / draws;
const countries = [...judged].filter(([key, { draws }]) => key.length === 2 && ENOUGH <= draws).sort((a, b) => share(a[1]) - share(b[1]));
for (const key of ["all", "IPv4", "IPv6"]) if (judged.has(key)) tell(key, judged.get(key));
for (const [key, score] of countries.slice(0, 40)) tell(key, score);
console.log(`${countries.length} countries of ${ENOUGH} visitors or more; the worst come first`);
const low = countries.filter(([, score]) => share(score) < EACH);
if (!onlyTell && (share(judged.get("all")) < OVERALL || 0 < low.length)) {
  console.log(`failed: at least ${OVERALL} of all and ${EACH} of each country were asked for`);
  process.exitCode = 1;
}

function tell(key, score) {
  console.log(`${key.padEnd(5)} ${share(score).toFixed(4)} of ${score.draws}`);
}

function load(family) {
  return readFileSync(join(dir, `geolite2-country-${family}-num.csv`), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","))
    .map(([first, last, country]) => [BigInt(first), BigInt(last), country.trim()]);
}

function look(ip) {
  const wide = ip.includes(":");
  const table = database[wide ? 6 : 4];
  const value = wide ? number6(ip) : ip.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  let [low, high] = [0, table.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (table[middle][1] < value) low = middle + 1;
    else if (value < table[middle][0]) high = middle - 1;
    else return table[middle][2];
  }
  return null;
}

function number6(ip) {
  const [head, tail = ""] = ip.split("::");
  const groups = (text) => (text ? text.split(":") : []);
  const zeros = Array(8 - groups(head).length - groups(tail).length).fill("0");
  return [...groups(head), ...zeros, ...groups(tail)].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
