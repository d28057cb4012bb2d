// Makes countries.tsv: time zones and languages of every country of ISO 3166-1.
//
//   node refresh-countries.mjs CLDR_CORE_DIR ZONE_TAB > countries.tsv
//
// CLDR_CORE_DIR is npm's cldr-core, unpacked (Unicode-3.0); ZONE_TAB the file zone.tab of the IANA time zone
// database (public domain), in most systems /usr/share/zoneinfo/zone.tab. Nothing here asks the network.
import { readFileSync } from "node:fs";
import { join } from "node:path";

// Share of the people in each zone, where a country has several that differ: own estimate from the censuses of
// its states and provinces. Any other country has one clock for (nearly) everybody: the first zone of zone.tab.
const ZONES = {
  AU: "33.5 Australia/Sydney 25.6 Australia/Melbourne 20.5 Australia/Brisbane 10.8 Australia/Perth 7 Australia/Adelaide 2.1 Australia/Hobart 1 Australia/Darwin",
  BR: "60 America/Sao_Paulo 11 America/Fortaleza 7.5 America/Recife 7 America/Bahia 4.4 America/Belem 2.6 America/Manaus 1.8 America/Cuiaba 1.3 America/Campo_Grande 0.8 America/Porto_Velho 0.4 America/Rio_Branco",
  CA: "61 America/Toronto 13.7 America/Vancouver 11.6 America/Edmonton 5.2 America/Halifax 3.6 America/Winnipeg 3 America/Regina 1.4 America/St_Johns",
  CD: "60 Africa/Lubumbashi 40 Africa/Kinshasa",
  CL: "99 America/Santiago 1 America/Punta_Arenas",
  CN: "100 Asia/Shanghai",
  ES: "95.5 Europe/Madrid 4.5 Atlantic/Canary",
  GL: "100 America/Nuuk",
  ID: "80 Asia/Jakarta 17 Asia/Makassar 3 Asia/Jayapura",
  MN: "93 Asia/Ulaanbaatar 7 Asia/Hovd",
  MX: "76 America/Mexico_City 10 America/Monterrey 3.5 America/Mazatlan 3 America/Tijuana 2.3 America/Hermosillo 1.8 America/Chihuahua 1.8 America/Merida 1.5 America/Cancun",
  NZ: "100 Pacific/Auckland",
  PF: "100 Pacific/Tahiti",
  PS: "60 Asia/Hebron 40 Asia/Gaza",
  PT: "95.3 Europe/Lisbon 2.4 Atlantic/Madeira 2.3 Atlantic/Azores",
  RU: "66 Europe/Moscow 11.5 Asia/Yekaterinburg 6 Asia/Novosibirsk 4 Europe/Samara 2.5 Asia/Krasnoyarsk 2.3 Asia/Vladivostok 2.2 Asia/Irkutsk 1.5 Asia/Yakutsk 1.3 Asia/Omsk 0.7 Europe/Kaliningrad 0.2 Asia/Kamchatka",
  UA: "100 Europe/Kyiv",
  US: "47.3 America/New_York 29 America/Chicago 16.2 America/Los_Angeles 4.7 America/Denver 2.2 America/Phoenix 0.4 Pacific/Honolulu 0.2 America/Anchorage",
};

// Languages that people set in browsers, where the languages they speak say something else: own selection.
const LANGUAGES = {
  US: "88 en 12 es", GB: "100 en", CA: "78 en 22 fr", AU: "100 en", NZ: "100 en", IE: "100 en", IN: "82 en 18 hi",
  ZA: "90 en 10 af", DE: "94 de 6 en", FR: "100 fr", NL: "88 nl 12 en", SE: "92 sv 8 en", NO: "95 nb 5 en", DK: "94 da 6 en",
  FI: "93 fi 7 sv", BE: "58 nl 42 fr", CH: "64 de 25 fr 11 it", AT: "97 de 3 en", LU: "60 fr 25 de 15 en", ES: "90 es 10 ca",
  IT: "100 it", PT: "100 pt", BR: "100 pt", MX: "100 es", PL: "100 pl", CZ: "100 cs", JP: "100 ja", KR: "100 ko",
  CN: "100 zh", TW: "100 zh", HK: "75 zh 25 en", MO: "90 zh 10 en", SG: "75 en 25 zh", MY: "50 en 35 ms 15 zh", PH: "85 en 15 fil",
  AE: "60 en 40 ar", QA: "50 en 50 ar", KW: "40 en 60 ar", BH: "40 en 60 ar", IL: "80 he 12 en 8 ru", UA: "75 uk 25 ru",
  BY: "90 ru 10 be", KZ: "70 ru 30 kk", KG: "70 ru 30 ky", UZ: "55 ru 45 uz", EE: "85 et 15 ru", LV: "80 lv 20 ru", MD: "75 ro 25 ru",
  PK: "85 en 15 ur", BD: "60 en 40 bn", LK: "75 en 25 si", NP: "75 en 25 ne", NG: "100 en", KE: "95 en 5 sw", GH: "100 en",
  TZ: "70 en 30 sw", UG: "100 en", MA: "65 fr 35 ar", DZ: "65 fr 35 ar", TN: "70 fr 30 ar", LB: "50 en 30 ar 20 fr", EG: "70 ar 30 en",
  CY: "80 el 20 en", MT: "95 en 5 it", HT: "100 fr", PR: "85 es 15 en", CM: "75 fr 25 en", RW: "80 en 20 fr",
};

// Languages that browsers and telephones offer for their own menus.
const OFFERED = new Set(
  ("af am ar az be bg bn bs ca cs da de el en es et eu fa fi fil fr gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk " +
    "ml mn mr ms my nb ne nl pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu").split(" "),
);
// Nobody browses from there, or the registries know no addresses of theirs.
const EMPTY = new Set(["AQ", "BV", "CC", "CX", "EH", "GS", "HM", "TF", "UM"]);

const [cldrDir, zoneTab] = process.argv.slice(2);
if (!zoneTab) throw new Error("usage: node refresh-countries.mjs CLDR_CORE_DIR ZONE_TAB");
const read = (name) => JSON.parse(readFileSync(join(cldrDir, "supplemental", name), "utf8")).supplemental;
const spoken = read("territoryInfo.json").territoryInfo;
const zones = new Map();
for (const line of readFileSync(zoneTab, "utf8").split("\n")) {
  const [country, place, zone] = line.split("\t");
  if (!zone || country.startsWith("#")) continue;
  zones.set(country, [...(zones.get(country) ?? []), [zone, coordinates(place)]]);
}

const version = JSON.parse(readFileSync(join(cldrDir, "package.json"), "utf8")).version;
console.log(`# Every country of ISO 3166-1 that people browse from: time zones, the place each is named after, languages.
# Sources: npm cldr-core ${version} (Unicode-3.0): which languages people speak; zone.tab of the IANA time zone database
# (public domain); own estimates where refresh-countries.mjs, which made this, says so.
# country<TAB>share zone latitude longitude; …<TAB>share language; …`);
for (const country of [...zones.keys()].sort()) {
  if (EMPTY.has(country)) continue;
  const clocks = ZONES[country] ? pairs(ZONES[country]) : [["100", zones.get(country)[0][0]]];
  const clock = ([share, zone]) => {
    const known = zones.get(country).find(([name]) => name === zone);
    if (!known) throw new Error(`${country} has no zone ${zone}`);
    return `${share} ${zone} ${known[1].join(" ")}`;
  };
  const languages = LANGUAGES[country] ? pairs(LANGUAGES[country]) : official(country);
  console.log([country, clocks.map(clock).join("; "), languages.map((pair) => pair.join(" ")).join("; ")].join("\t"));
}

function pairs(text) {
  const words = text.split(" ");
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]]] : []));
}

// Official languages that browsers speak, by how many people do; English where there is none.
function official(country) {
  const shares = new Map();
  for (const [code, about] of Object.entries(spoken[country]?.languagePopulation ?? {})) {
    const language = code.split("_")[0].replace(/^no$|^nn$/, "nb");
    const share = (Number(about._populationPercent) * Number(about._writingPercent ?? 100)) / 100;
    const local = about._officialStatus === "official_regional" ? share >= 15 : Boolean(about._officialStatus);
    if (OFFERED.has(language) && local && share >= 4) shares.set(language, Math.max(share, shares.get(language) ?? 0));
  }
  if (shares.size === 0) return [["100", "en"]];
  return [...shares].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([language, share]) => [String(Math.round(share)), language]);
}

// ±DDMM±DDDMM or ±DDMMSS±DDDMMSS as degrees with two decimals.
function coordinates(text) {
  const [, latitude, longitude] = /^([+-]\d+)([+-]\d+)$/.exec(text);
  const degrees = (part, whole) => {
    const digits = part.slice(1);
    const value = Number(digits.slice(0, whole)) + Number(digits.slice(whole, whole + 2)) / 60 + Number(digits.slice(whole + 2) || 0) / 3600;
    return (part.startsWith("-") ? -value : value).toFixed(2);
  };
  return [degrees(latitude, 2), degrees(longitude, 3)];
}
