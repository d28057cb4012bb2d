// Asks the ledger each second and shows it. What hits carry is only ever set as text.
"use strict";

const SHOWN = 50;
const EVERY_MS = 1000;
const TOTALS = [
  ["requests", "Requests"],
  ["hits", "Hits recorded"],
  ["visits", "Visits"],
  ["visitors", "Visitors"],
  ["revenue", "Revenue"],
  ["excluded", "Left out silently"],
  ["refused", "Refused"],
  ["overlapping", "Overlapping requests"],
  ["out_of_order", "Out of order"],
  ["tokens_in_urls", "Tokens in URLs"],
];

const byId = (id) => document.getElementById(id);

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function showPairs(list, pairs) {
  list.replaceChildren(
    ...pairs.map(([label, value]) => {
      const pair = document.createElement("div");
      pair.append(element("dt", label), element("dd", Number(value).toLocaleString("en")));
      return pair;
    }),
  );
}

function what(params) {
  return params.action_name ?? params.search ?? params.link ?? params.download ?? params.e_a
    ?? params.ec_id ?? params.url ?? "";
}

function row(hit) {
  const made = document.createElement("tr");
  const cells = [
    hit.at.slice(11, 23), hit.time.replace("T", " ").replace("Z", ""), hit.kind, hit.visitor,
    hit.visit, hit.transport, what(hit.params),
  ];
  made.append(...cells.map((cell) => element("td", String(cell))));
  return made;
}

async function read(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
  return answer.json();
}

async function refresh() {
  const [summary, control] = await Promise.all([read("/ledger/summary"), read("/control")]);
  const offset = Math.max(0, summary.hits - SHOWN);
  const page = await read(`/ledger/hits?offset=${offset}&limit=${SHOWN}`);
  showPairs(byId("totals"), TOTALS.map(([key, label]) => [label, summary[key]]));
  showPairs(byId("kinds"), Object.entries(summary.by_kind));
  byId("hits").replaceChildren(...page.hits.reverse().map(row));
  byId("faults-section").hidden = control.faults.length === 0;
  byId("faults").replaceChildren(
    ...control.faults.map((fault) => element("li", `${fault.kind}: fired ${fault.fired} times`)),
  );
  return "Live: asked every second.";
}

async function keepRefreshing() {
  let state;
  try {
    state = await refresh();
  } catch (error) {
    state = `Not up to date: ${error.message}`;
  }
  // Setting equal text again would make a screen reader repeat it each second.
  if (byId("state").textContent !== state) byId("state").textContent = state;
  setTimeout(keepRefreshing, EVERY_MS);
}

keepRefreshing();
