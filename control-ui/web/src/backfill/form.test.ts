import { describe, expect, it } from "vitest";
import { sectionsOf, fieldsOf } from "../configuration/fields";
import type { Configuration } from "../configuration/types";
import { initialValues } from "../start/form";
import { checkOf, placed, planOf, requestOf, windowOf, zoneOf, type BackfillValues } from "./form";

const day = (title: string) => ({ type: ["string", "null"], title, "x-widget": "date" });
const number = (title: string) => ({ type: ["integer", "null"], title });
const fields = fieldsOf(
  sectionsOf({
    properties: {
      backfill: {
        title: "Backfill",
        properties: {
          start_date: day("First day"),
          end_date: day("Last day"),
          days_back: number("Days back"),
          duration_days: number("Duration"),
        },
      },
    },
  }),
);
const saved = { revision: 3, preset: "light", config: { load: { time_zone: "UTC" } } } as unknown as Configuration;
const practice = { url: "http://practice:8080/matomo.php", host: "practice:8080", site_id: 1, token_set: true };

function values(change: Partial<BackfillValues> = {}): BackfillValues {
  const start = { ...initialValues(undefined, practice, [], "1"), preset: "light", token: "0123" };
  const set = windowOf("dates", 7, "2026-09-21", {});
  return { start, form: "dates", set, people: "", way: null, ...change };
}

describe("the form of a backfill", () => {
  it("proposes whole days up to yesterday, in either form", () => {
    expect(windowOf("dates", 7, "2026-09-21", {})).toEqual({
      backfill: { start_date: "2026-09-14", end_date: "2026-09-20" },
    });
    const back = windowOf("back", 7, "2026-09-21", { backfill: { start_date: "2026-01-01", max_visits_total: 5 } });
    expect(back).toEqual({ backfill: { max_visits_total: 5, days_back: 7, duration_days: 7 } });
  });

  it("takes the other form of the window away from what it is laid over", () => {
    expect(planOf(values(), practice).config).toMatchObject({
      backfill: { enabled: true, start_date: "2026-09-14", days_back: null, duration_days: null },
    });
  });

  it("keeps a typed token out of the plan and of the check, and sends it to start", () => {
    const around = { practice, saved, fields };
    for (const asked of [planOf(values(), practice), checkOf(values(), around, true)]) {
      expect(JSON.stringify(asked)).toContain("token_auth");
      expect(JSON.stringify(asked)).not.toContain("0123");
    }
    expect(JSON.stringify(requestOf(values(), practice))).toContain("0123");
  });

  it("lays its days over the saved configuration, whose token it uses", () => {
    const start = { ...values().start, source: "configuration" as const };
    expect(requestOf(values({ start, people: "a1", way: "add" }), practice)).toMatchObject({
      use_configuration: true,
      config: { backfill: { enabled: true } },
      same_people_as: "a1",
      overlap: "add",
    });
    const checked = checkOf(values({ start }), { practice, saved, fields }, true);
    expect(checked).toMatchObject({ preset: "light", use_saved_token: true });
    expect(checked.config).toMatchObject({ load: { time_zone: "UTC" }, backfill: { end_date: "2026-09-20" } });
  });

  it("puts a problem beside its field, or beside the first of the days when the other form is shown", () => {
    const error = (pointer: string) => ({ pointer, code: "x", message: "it is wrong", hint: null, origin: null });
    const errors = [error("/backfill/end_date"), error("/backfill/days_back"), error("/targets/0/token_auth")];
    expect(placed(errors, values(), fields).map(({ id }) => id)).toEqual([
      "setting-backfill-end_date",
      "setting-backfill-start_date",
      "target-token",
    ]);
    const start = { ...values().start, source: "configuration" as const };
    expect(placed(errors.slice(2), values({ start }), fields)[0]?.id).toBeNull();
  });

  it("speaks of days in the zone that is in force", () => {
    expect(zoneOf({ load: { time_zone: "Asia/Tokyo" } }, "UTC")).toBe("Asia/Tokyo");
    expect(zoneOf({}, "CET")).toBe("CET");
    expect(zoneOf({}, undefined)).toBe("UTC");
  });
});
