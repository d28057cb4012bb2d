import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../test/render";
import { run } from "../test/samples";
import { StateSentence } from "./StateSentence";

const now = Date.parse("2026-03-01T12:01:01.000Z");

it("says what is sent where, and since when", () => {
  show(<StateSentence run={run} on now={now} freshness={{ kind: "live" }} />);
  expect(
    screen.getByText(/^Sending: trial of 50 visits to 127.0.0.1:4040, site 1, started .* \(1 min 0 s\)/),
  ).toBeVisible();
});

it("does not claim to know what happens while the page is cut off", () => {
  show(<StateSentence run={run} on now={now} freshness={{ kind: "lost", ageMs: 8000 }} />);
  expect(screen.getByText(/^Cut off for 8 s, .* Last known: Sending: .* \(52 s\)/)).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent(/^Cut off/);
});
