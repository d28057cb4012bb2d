import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { RunView } from "../api/types";
import { show } from "../test/render";
import { run } from "../test/samples";
import { Controls } from "./Controls";

const now = Date.parse(run.created_at) + 3000;
const common = { now, pending: null, problem: null, onCommand: () => undefined };
const buttons = () => screen.queryAllByRole("button").map((button) => button.textContent);

describe("the controls of a run", () => {
  it.each<[RunView["state"], string[]]>([
    ["queued", ["Stop"]],
    ["starting", ["Stop"]],
    ["running", ["Stop", "Pause"]],
    ["paused", ["Resume", "Stop"]],
    ["stopping", []],
    ["succeeded", []],
    ["cancelled", []],
    ["failed", ["Resume"]],
    ["lost", ["Resume"]],
  ])("offer what the state %s allows", (state, expected) => {
    show(<Controls {...common} run={{ ...run, state }} />);
    expect(buttons()).toEqual(expected);
  });

  it("tell how long the start has taken", () => {
    show(<Controls {...common} run={{ ...run, state: "starting", loader_state: null }} />);
    expect(screen.getByText("Starting… 3 s")).toBeVisible();
  });

  it("name what was asked without claiming that it is done", async () => {
    const onCommand = vi.fn();
    show(<Controls {...common} run={run} pending="stop" onCommand={onCommand} />);
    expect(screen.getByText("Sending")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Stopping…" }));
    expect(onCommand).not.toHaveBeenCalled();
  });

  it("show the visits of a trial against its size", () => {
    show(<Controls {...common} run={run} />);
    expect(screen.getByRole("progressbar", { name: "12 of 50 visits finished" })).toHaveValue(12);
  });

  it("say which command ends the run for good and which can be taken back", () => {
    show(<Controls {...common} run={run} />);
    expect(screen.getByText("Stop ends this run for good. Pause can be resumed.")).toBeVisible();
  });

  it("show what was not answered OK, whatever the state says", () => {
    show(<Controls {...common} run={run} />);
    expect(screen.getByText("7 hits (7.2 %)")).toBeVisible();
  });

  it("say why the control plane refused", () => {
    show(<Controls {...common} run={run} problem="the run has ended" />);
    expect(screen.getByRole("alert")).toHaveTextContent("the run has ended");
  });
});
