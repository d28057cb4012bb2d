import { describe, expect, it } from "vitest";
import { configuration, presets, status } from "../test/samples";
import { hostOf, initialValues, isPractice, requestOf, shownProblems, type StartValues } from "./form";

const practice = status.practice_target;
const values = initialValues(undefined, practice, presets, "1");

describe("the start form", () => {
  it("begins with the practice target, the first preset and a trial", () => {
    expect(values).toMatchObject({ url: practice?.url, siteId: "1", token: "", preset: "light", size: "trial" });
    expect(isPractice(values, practice)).toBe(true);
  });

  it("goes on with the target of the run that is shown, without its token", () => {
    const target = { url: "https://matomo.example/matomo.php", host: "matomo.example", site_id: 7 };
    const next = initialValues({ target, preset: "heavy" }, practice, presets, "1");
    expect(next).toMatchObject({ url: target.url, siteId: "7", token: "", preset: "heavy", size: "trial" });
    expect(initialValues({ target, preset: "gone" }, practice, presets, "1").preset).toBe("light");
  });

  it("begins empty without a practice target", () => {
    expect(initialValues(undefined, null, presets, "1")).toMatchObject({ url: "", siteId: "1" });
  });

  it("asks for a trial of 50 visits and lets the control plane bring the token that it holds", () => {
    expect(requestOf(values, practice)).toEqual({
      preset: "light",
      config: { targets: [{ url: practice?.url, site_id: 1 }] },
      trial: 50,
      use_practice_target: true,
    });
  });

  it("sends a typed token in the body and the host that was typed back", () => {
    const typed: StartValues = { ...values, token: " secret ", size: "full", confirm: " 127.0.0.1:4040 " };
    expect(requestOf(typed, practice)).toMatchObject({
      config: { targets: [{ token_auth: "secret" }] },
      confirm_target: "127.0.0.1:4040",
      use_practice_target: false,
    });
  });

  it("starts the saved configuration, which has its own target, with what belongs to the run alone", () => {
    const chosen: StartValues = {
      ...values,
      source: "configuration",
      name: " night ",
      startAt: "2026-03-01T02:00",
      zone: "UTC",
    };
    expect(requestOf(chosen, practice)).toEqual({
      use_configuration: true,
      trial: 50,
      name: "night",
      start_at: "2026-03-01T02:00:00.000Z",
    });
  });

  it("sends a budget and what is switched off with a full run", () => {
    const full: StartValues = { ...values, size: "full", budget: "50,000", off: { "/load/stop_at_p95_seconds": 0 } };
    expect(requestOf(full, practice)).toMatchObject({
      hit_budget: 50_000,
      config: { load: { stop_at_p95_seconds: 0 } },
    });
    expect(requestOf({ ...full, size: "trial" }, practice)).not.toHaveProperty("hit_budget");
  });

  it("begins with the saved configuration once it names a target", () => {
    const saved = { ...configuration, config: { targets: [{ url: "https://matomo.example/" }] } };
    expect(initialValues(undefined, practice, presets, "1", saved).source).toBe("configuration");
    expect(initialValues(undefined, practice, presets, "1", configuration).source).toBe("preset");
  });

  it("leaves it to the server to say what is wrong with a site id", () => {
    expect(requestOf({ ...values, siteId: "one" }, practice).config).toEqual({
      targets: [{ url: practice?.url, site_id: "one" }],
    });
  });

  it("knows the host as a person types it back", () => {
    expect(hostOf("https://Matomo.Example/matomo.php")).toBe("matomo.example");
    expect(hostOf("http://127.0.0.1:4040/")).toBe("127.0.0.1:4040");
    expect(hostOf("matomo")).toBeNull();
  });

  it("puts each problem beside its field, and those without a field in the summary alone, in the form's order", () => {
    const base = { code: "x", origin: null };
    expect(
      shownProblems([
        { ...base, pointer: "/load/concurrency", message: "it is 0", hint: null },
        { ...base, pointer: "/targets/0/url", message: "it is empty", hint: "write an address" },
      ]),
    ).toEqual([
      { field: "url", pointer: "/targets/0/url", text: "It is empty: write an address." },
      { field: null, pointer: "/load/concurrency", text: "It is 0." },
    ]);
  });
});
