import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { RunView } from "../api/types";
import { show } from "../test/render";
import { account, run } from "../test/samples";
import { OutcomeCard } from "./OutcomeCard";

const ended: RunView = { ...run, state: "succeeded", ended_at: "2026-03-01T12:01:01.000Z", loader_state: null };

describe("the outcome of a run", () => {
  it("says what happened, what share was answered OK, and the keys to repeat it", () => {
    show(<OutcomeCard run={ended} />);
    expect(screen.getByText("Everything planned was done.")).toBeVisible();
    expect(screen.getByText("90 of 100 planned hits (90.0 %) were answered OK.")).toBeVisible();
    for (const value of ["42", "spring", "1 min 0 s"]) expect(screen.getByText(value)).toBeVisible();
  });

  it("gives the loader's own reason before a general one", () => {
    show(<OutcomeCard run={{ ...ended, state: "failed", outcome_reason: "5.4 % of hits failed" }} />);
    expect(screen.getByText("5.4 % of hits failed.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Resume" })).toBeVisible();
  });

  it("shows the reasons with an example, and what is in doubt", () => {
    const reasons: RunView["reasons"] = [
      { outcome: "rejected", code: "http.400", message: "the token was refused", hits: 4, example: "/shoes" },
    ];
    const doubt = { hits: 1, since: "2026-03-01T12:01:00.000Z", message: "one was in flight" };
    show(<OutcomeCard run={{ ...ended, state: "lost", reasons, doubt }} />);
    expect(screen.getByRole("row", { name: /Rejected 4 The token was refused. http.400 \/shoes/ })).toBeVisible();
    expect(screen.getByText(/^In doubt: 1 hit since/)).toBeVisible();
    expect(screen.getByText("One was in flight.")).toBeVisible();
  });

  it("does not invent an account", () => {
    show(<OutcomeCard run={{ ...ended, state: "lost", account: null }} />);
    expect(screen.getByText(/No account arrived, so the number of hits is unknown/)).toBeVisible();
  });

  it("says that all is well only when every hit was answered OK", () => {
    const all = { ...account, planned: 90, rejected: 0, failed: 0, unknown: 0, remaining: 0 };
    show(<OutcomeCard run={{ ...ended, account: all }} />);
    expect(screen.getByText("Every hit that was sent was answered OK.")).toBeVisible();
  });
});
