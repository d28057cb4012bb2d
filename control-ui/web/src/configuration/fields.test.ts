import { describe, expect, it } from "vitest";
import { fieldAt, fieldsOf, matching, sectionsOf, type Field } from "./fields";
import { schema } from "./schema.sample";

const sections = sectionsOf(schema);
const fields = fieldsOf(sections);
const at = (pointer: string): Field => {
  const field = fields.find((one) => one.pointer === pointer);
  if (!field) throw new Error(`no field at ${pointer}`);
  return field;
};

describe("the form of a schema", () => {
  it("has a section for each group, in the order of the schema, without what is hidden", () => {
    expect(sections.map(({ title }) => title)).toEqual(["Target", "Load", "Stop rules", "Audience"]);
    expect(sections[0]).toMatchObject({ id: "section-target", help: "One Matomo site that receives hits." });
    expect(fields.some(({ pointer }) => pointer === "/version")).toBe(false);
  });

  it("orders the fields of a section as the schema says", () => {
    expect(sections[1]?.fields.map(({ pointer }) => pointer)).toEqual([
      "/load/visits_per_day",
      "/load/pacing",
      "/load/pause_min",
      "/load/time_zone",
    ]);
  });

  it("reads label, help, unit, environment name and default of a setting", () => {
    expect(at("/load/visits_per_day")).toMatchObject({
      id: "setting-load-visits_per_day",
      title: "Visits per day",
      help: "Visits started in each 24 hours.",
      unit: "visits/day",
      env: "TARGET_VISITS_PER_DAY",
      widget: "number",
      advanced: false,
      fallback: 20000,
    });
    expect(at("/load/pause_min").advanced).toBe(true);
    expect(at("/load/stop_at_error_percent").off).toBe(0);
    // As the form shows it, not as files hold it.
    expect(at("/audience/search").help).toBe("Share of visits that search, 0 to 100 %.");
  });

  it.each([
    ["/targets/0/url", "url"],
    ["/targets/0/token_auth", "secret"],
    ["/load/pacing", "choice"],
    ["/load/time_zone", "time-zone"],
    ["/audience/weights", "table"],
    ["/audience/search", "percent"],
    ["/audience/shipping", "list"],
    ["/audience/enabled", "switch"],
  ] as const)("draws %s as %s", (pointer, widget) => {
    expect(at(pointer).widget).toBe(widget);
  });

  it("knows the choices and the columns", () => {
    expect(at("/load/pacing").choices).toEqual([
      { value: "auto", help: "Decided at the start." },
      { value: "live", help: "As it happens." },
    ]);
    expect(at("/audience/weights").columns.map(({ pointer, title }) => [pointer, title])).toEqual([
      ["/country", "Country"],
      ["/weight", "Weight"],
    ]);
  });

  it("finds the field that a problem in a table is about", () => {
    expect(fieldAt(fields, "/audience/weights/3/country")?.pointer).toBe("/audience/weights");
    expect(fieldAt(fields, "/load/visits_per_days")).toBeUndefined();
  });

  it("is searched by every word, in labels, help, sections and environment names", () => {
    const titles = (search: string) => fieldsOf(matching(sections, search)).map(({ title }) => title);
    expect(titles("visits 24")).toEqual(["Visits per day"]);
    expect(titles("target_visits")).toEqual(["Visits per day"]);
    expect(titles("audience country")).toEqual(["Country weights"]);
    expect(titles("nothing like it")).toEqual([]);
    expect(matching(sections, "  ")).toBe(sections);
  });

  it("of something else is empty", () => {
    expect(sectionsOf(undefined)).toEqual([]);
    expect(sectionsOf({ properties: { a: 1 } })).toEqual([]);
  });
});
