// Has visitors' user agents and client hints read by a port of Matomo's own device detector.
//
//   visitors | node devices.mjs DETECTOR_PACKAGE_DIR
//
// The package is npm's node-device-detector, unpacked.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const RECOGNISED = 0.99;
// What the detector calls them.
const SYSTEMS = { macOS: ["Mac", "macOS"], Linux: ["GNU/Linux"], ChromeOS: ["Chrome OS"], iOS: ["iOS"], iPadOS: ["iPadOS", "iOS"] };
const BROWSERS = {
  Chrome: ["Chrome", "Chrome Mobile", "Chrome Mobile iOS"],
  Edge: ["Microsoft Edge"],
  Firefox: ["Firefox", "Firefox Mobile"],
  Opera: ["Opera", "Opera Mobile"],
  Safari: ["Safari", "Mobile Safari"],
  "Samsung Internet": ["Samsung Browser", "Samsung Internet"],
};
const TYPES = { smartphone: ["smartphone", "phablet"] };

const require = createRequire(import.meta.url);
const [dir] = process.argv.slice(2);
const Detector = require(join(dir, "index.js"));
const ClientHints = require(join(dir, "client-hints.js"));
const detector = new Detector({ clientIndexes: true, deviceIndexes: true, osIndexes: true, deviceAliasCode: false });
const clientHints = new ClientHints();

const known = new Map();
const wrong = new Map();
let [all, right] = [0, 0];
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const visitor = JSON.parse(line);
  const verdict = judge(visitor);
  all += 1;
  if (verdict === "") right += 1;
  else wrong.set(verdict, (wrong.get(verdict) ?? 0) + 1);
}
console.log(`${(right / all).toFixed(4)} of ${all} visitors, ${known.size} different devices, are taken for what they are meant to be`);
for (const [verdict, count] of [...wrong].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(`${count}\t${verdict}`);
if (right / all < RECOGNISED) {
  console.log(`failed: ${RECOGNISED} were asked for`);
  process.exitCode = 1;
}

// What is taken for something else; nothing when all is well.
function judge(visitor) {
  const key = [visitor.agent, visitor.hints].join("\n");
  if (!known.has(key)) {
    const hints = visitor.hints ? clientHints.parse(JSON.parse(visitor.hints)) : undefined;
    const { os, client, device } = detector.detect(visitor.agent, hints);
    known.set(key, { os: os?.name, browser: client?.name, type: device?.type });
  }
  const found = known.get(key);
  const pairs = [
    ["type", visitor.device, TYPES[visitor.device]],
    ["os", visitor.os, SYSTEMS[visitor.os]],
    ["browser", visitor.browser, BROWSERS[visitor.browser]],
  ];
  const bad = pairs.filter(([part, meant, names]) => !(names ?? [meant]).includes(found[part]));
  return bad.map(([part, meant]) => `${part}: ${meant} taken for ${found[part]} (${visitor.agent})`).join("; ");
}
