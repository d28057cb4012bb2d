import { expect, it } from "vitest";
import { settingText } from "./setting";

const schema = {
  properties: { targets: { type: "array", items: { $ref: "#/$defs/Target" } } },
  $defs: {
    Target: {
      properties: {
        url: { type: "string", title: "Tracking URL", description: "Where it is.", examples: ["https://m.example/"] },
        site_id: { $ref: "#/$defs/Id", title: "Site id", default: 1 },
      },
    },
    Id: { type: "integer", description: "A number." },
  },
};

it("reads label, help, example and default through references and lists", () => {
  expect(settingText(schema, "/targets/0/url")).toEqual({
    title: "Tracking URL",
    description: "Where it is.",
    example: "https://m.example/",
    fallback: "",
  });
  expect(settingText(schema, "/targets/0/site_id")).toMatchObject({
    title: "Site id",
    description: "A number.",
    fallback: "1",
  });
});

it("names a setting that the schema does not know by its key", () => {
  expect(settingText({}, "/targets/0/token_auth").title).toBe("token_auth");
});
