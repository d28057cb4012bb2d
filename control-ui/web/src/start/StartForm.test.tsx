import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { show } from "../test/render";
import { check, configuration, presets, status } from "../test/samples";
import { sectionsOf, stopRulesOf } from "../configuration/fields";
import { schema } from "../configuration/schema.sample";
import { initialValues } from "./form";
import { StartForm, type StartFormProps } from "./StartForm";

const text = (title: string) => ({ title, description: null, example: null, fallback: "" });

const props: StartFormProps = {
  values: initialValues(undefined, status.practice_target, presets, "1"),
  onChange: vi.fn(),
  onSubmit: vi.fn(),
  settings: { url: text("Tracking URL"), siteId: text("Site id"), token: text("Token") },
  practice: status.practice_target,
  presets,
  saved: configuration,
  rules: [],
  confirmation: { host: "127.0.0.1:4040", needed: false, text: "86,400 visits a day", hit_budget_needed: false },
  estimate: { kind: "known", check },
  problems: [],
  failure: null,
  unanswered: false,
  changed: new Set<string>(),
  attempt: 0,
  pending: false,
  orchestratorProblem: null,
};

describe("the start form", () => {
  it("says what the practice target is", () => {
    show(<StartForm {...props} />);
    expect(screen.getByText(/counts hits, is not Matomo, and draws no reports/)).toBeVisible();
    expect(screen.getByLabelText("Tracking URL")).toHaveValue(status.practice_target?.url);
  });

  it("offers the practice target again once another target is typed", async () => {
    const onChange = vi.fn();
    show(<StartForm {...props} onChange={onChange} values={{ ...props.values, url: "https://matomo.example/" }} />);
    expect(screen.queryByText(/draws no reports/)).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Use the practice target" }));
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ url: status.practice_target?.url }));
  });

  it("shows a problem beside its field and links to it from a summary that has the focus", async () => {
    const problems = [
      { field: "url", pointer: "/targets/0/url", text: "It is empty." },
      { field: null, pointer: "/load/concurrency", text: "It is 0." },
    ] as const;
    show(<StartForm {...props} problems={problems} />);
    const summary = screen.getByRole("alert");
    expect(summary).toHaveFocus();
    expect(summary).toHaveTextContent("2 problems: nothing was started");
    expect(summary).toHaveTextContent("/load/concurrency");
    const field = screen.getByLabelText("Tracking URL");
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/It is empty\./);
    await userEvent.click(within(summary).getByRole("link", { name: "It is empty." }));
    expect(field).toHaveFocus();
  });

  it("keeps a problem in the summary, and not beside the field, once the field was changed", () => {
    const problems = [{ field: "url", pointer: "/targets/0/url", text: "It is empty." }] as const;
    show(<StartForm {...props} problems={problems} changed={new Set(["url"])} />);
    expect(screen.getByRole("alert")).toHaveTextContent("It is empty.");
    expect(screen.getByLabelText("Tracking URL")).toBeValid();
  });

  it("does not claim that nothing was started when nobody answered", () => {
    show(<StartForm {...props} failure="The control plane does not answer." unanswered />);
    expect(screen.getByRole("alert")).toHaveTextContent(/^Nobody knows whether it was started/);
  });

  const unconfirmed = { host: "matomo.example", needed: true, text: "110,000 hits a day", hit_budget_needed: false };

  it("asks for the host name of an unconfirmed target beside what will happen", () => {
    show(<StartForm {...props} confirmation={unconfirmed} values={{ ...props.values, size: "full" }} />);
    expect(screen.getByText("110,000 hits a day")).toBeVisible();
    expect(screen.getByLabelText("Type the host name")).toBeVisible();
    expect(screen.queryByLabelText("Hit budget")).toBeNull();
  });

  it("asks for a budget where hits are billed, also of a confirmed host", () => {
    const billed = { ...unconfirmed, needed: false, hit_budget_needed: true };
    show(<StartForm {...props} confirmation={billed} values={{ ...props.values, size: "full" }} />);
    expect(screen.getByLabelText("Hit budget")).toBeVisible();
    expect(screen.queryByLabelText("Type the host name")).toBeNull();
  });

  it("asks for no host name for a trial or a confirmed host", () => {
    show(<StartForm {...props} confirmation={unconfirmed} />);
    expect(screen.queryByLabelText("Type the host name")).toBeNull();
    show(<StartForm {...props} values={{ ...props.values, size: "full" }} />);
    expect(screen.getByText("127.0.0.1:4040 is confirmed.")).toBeVisible();
    expect(screen.queryByLabelText("Type the host name")).toBeNull();
  });

  it("shows each stop rule with its state and a way to switch it off", async () => {
    const onChange = vi.fn();
    const rules = stopRulesOf(sectionsOf(schema));
    const values = [
      { pointer: "/load/stop_at_error_percent", value: 5, origin: { kind: "default", name: "" } },
    ] as const;
    show(
      <StartForm
        {...props}
        onChange={onChange}
        rules={rules}
        estimate={{ kind: "known", check: { ...check, values } }}
        values={{ ...props.values, size: "full" }}
      />,
    );
    expect(screen.getByText("5 %")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Switch off stop at error rate" }));
    expect(onChange).toHaveBeenCalledWith({ off: { "/load/stop_at_error_percent": 0 } });
  });

  it("says unknown where an estimate is not known", () => {
    const figures = { visits_per_second: 1, hits_per_second_estimate: null, hits_per_day_estimate: null };
    const estimate = { kind: "known", check: { ...check, figures } } as const;
    show(<StartForm {...props} estimate={estimate} values={{ ...props.values, size: "full" }} />);
    expect(screen.getAllByText("unknown")).toHaveLength(2);
  });

  it("stays usable and submits once while the answer is awaited", async () => {
    const onSubmit = vi.fn();
    const { rerender } = show(<StartForm {...props} onSubmit={onSubmit} />);
    await userEvent.click(screen.getByRole("button", { name: "Start traffic" }));
    expect(onSubmit).toHaveBeenCalledTimes(1);
    rerender(<StartForm {...props} onSubmit={onSubmit} pending />);
    await userEvent.click(screen.getByRole("button", { name: "Asking the control plane…" }));
    expect(onSubmit).toHaveBeenCalledTimes(1);
  });

  it("says why loaders cannot be started", () => {
    show(<StartForm {...props} orchestratorProblem="Docker does not answer; start it" />);
    expect(screen.getByText("Docker does not answer; start it")).toBeVisible();
  });
});
