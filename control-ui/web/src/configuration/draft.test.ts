import { beforeEach, describe, expect, it } from "vitest";
import { configWithSecrets, draftOf, isChanged, overlaid, rebased, TOKEN, withSecret, withValue } from "./draft";
import { fieldsOf, sectionsOf } from "./fields";
import { same, valueAt, withValueAt } from "./json";
import { forget, keep, kept } from "./kept";
import { schema } from "./schema.sample";

const fields = fieldsOf(sectionsOf(schema));
const saved = { revision: 3, preset: "light", config: { load: { visits_per_day: 5, pause_min: 1 } } };

describe("json by pointer", () => {
  it("reads and sets through lists", () => {
    const set = withValueAt({}, "/targets/0/url", "http://m/");
    expect(set).toEqual({ targets: [{ url: "http://m/" }] });
    expect(valueAt(set, "/targets/0/url")).toBe("http://m/");
    expect(valueAt(set, "/targets/1/url")).toBeUndefined();
  });

  it("takes away what becomes empty", () => {
    expect(withValueAt({ targets: [{ url: "x" }], a: 1 }, "/targets/0/url", undefined)).toEqual({ a: 1 });
    expect(withValueAt({ load: { a: 1, b: 2 } }, "/load/a", undefined)).toEqual({ load: { b: 2 } });
    expect(withValueAt({ load: { a: 1 } }, "/load/z", undefined)).toEqual({ load: { a: 1 } });
  });

  it("compares whatever the order of keys, but not of items", () => {
    expect(same({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(same(undefined, null)).toBe(false);
  });
});

describe("a draft", () => {
  it("is unchanged when a change is taken back", () => {
    const draft = draftOf(saved);
    const changed = withValue(draft, "/load/visits_per_day", 9);
    expect(isChanged(draft, saved)).toBe(false);
    expect(isChanged(changed, saved)).toBe(true);
    expect(isChanged(withValue(changed, "/load/visits_per_day", 5), saved)).toBe(false);
  });

  it("holds secrets apart, and the request that needs them gets them", () => {
    const draft = withSecret(draftOf(saved), TOKEN, "abc");
    expect(isChanged(draft, saved)).toBe(true);
    expect(JSON.stringify(draft.config)).not.toContain("abc");
    expect(configWithSecrets(draft)).toMatchObject({ targets: [{ token_auth: "abc" }] });
    expect(configWithSecrets(withSecret(draft, TOKEN, null))).toEqual(saved.config);
    expect(isChanged(withSecret(draft, TOKEN, undefined), saved)).toBe(false);
  });

  it("is put on what somebody else saved: what was changed here wins, the rest is theirs", () => {
    const mine = withValue(withValue(draftOf(saved), "/load/visits_per_day", 9), "/load/pause_min", undefined);
    const theirs = {
      preset: "heavy",
      config: { load: { visits_per_day: 7, pause_min: 1 }, audience: { search: 0.2 } },
    };
    expect(rebased(mine, saved, theirs, fields)).toEqual({
      preset: "heavy",
      config: { load: { visits_per_day: 9 }, audience: { search: 0.2 } },
      secrets: {},
    });
  });

  it("takes lists as one value when a file is put over it", () => {
    const under = { audience: { weights: [{ country: "DE", weight: 1 }], search: 0.5 } };
    const over = { audience: { weights: [{ country: "SE", weight: 2 }] }, load: { pacing: "live" } };
    expect(overlaid(under, over, fields)).toEqual({
      audience: { weights: [{ country: "SE", weight: 2 }], search: 0.5 },
      load: { pacing: "live" },
    });
  });
});

describe("what the browser keeps", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it("is the draft without its secrets", () => {
    const draft = withSecret(withValue(draftOf(saved), "/load/visits_per_day", 9), TOKEN, "very secret");
    keep({ base: saved, draft });
    expect(JSON.stringify(Object.entries(localStorage))).not.toContain("very secret");
    expect(kept()).toEqual({ base: saved, draft: { ...draft, secrets: {} } });
    forget();
    expect(kept()).toBeNull();
  });

  it("is nothing when it cannot be read", () => {
    localStorage.setItem("trafficinator-configuration-draft", "{");
    expect(kept()).toBeNull();
    localStorage.setItem("trafficinator-configuration-draft", '{"base":{},"draft":{}}');
    expect(kept()).toBeNull();
  });
});
