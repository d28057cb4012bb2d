import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../test/render";
import { account } from "../test/samples";
import { AccountCard } from "./AccountCard";

const row = (name: RegExp) => within(screen.getByRole("row", { name }));

describe("the account", () => {
  it("shows each state with its share and that they add up", () => {
    show(<AccountCard account={account} title="Hits by state" />);
    expect(row(/^Answered OK/).getByText("90.0 %")).toBeVisible();
    expect(row(/^Answered OK/).getByText("Arrival in reports not checked")).toBeVisible();
    expect(row(/^Planned/).getByText("100 %")).toBeVisible();
    expect(screen.getByText(/^Adds up/)).toBeVisible();
  });

  it("says so when it does not add up", () => {
    show(<AccountCard account={{ ...account, accepted: 89 }} title="Hits by state" />);
    expect(screen.getByText(/^Does not add up: the states sum to 99, planned are 100/)).toBeVisible();
  });

  it("does not call hits in doubt unsettled", () => {
    show(<AccountCard account={account} title="Account at the last report" inDoubt />);
    expect(row(/^Remaining/).getByText("Nobody knows: see “In doubt”")).toBeVisible();
  });

  it("is unknown before the first report", () => {
    show(<AccountCard account={null} title="Hits by state" />);
    expect(screen.getAllByText("unknown")).toHaveLength(14);
    expect(screen.queryByText(/^Adds up/)).toBeNull();
  });
});
