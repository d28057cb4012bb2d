import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../test/render";
import { fieldsOf, sectionsOf } from "./fields";
import { SettingField } from "./SettingField";

const fields = fieldsOf(
  sectionsOf({
    properties: {
      some: {
        title: "Some",
        properties: {
          day: { type: "string", title: "Day", description: "Some day.", "x-widget": "date" },
          count: { type: "integer", title: "Count", description: "Some count." },
          on: { type: "boolean", title: "Switch", description: "Some switch." },
          certificates: { type: "string", title: "Certificates", description: "Some text.", "x-widget": "pem" },
          choice: { title: "Choice", description: "Some choice.", enum: ["a", "b", "c", "d", "e", "f", "g", "h", "i"] },
        },
      },
    },
  }),
);

describe("a setting", () => {
  it.each(fields.map((field) => [field.title, field] as const))("%s has its help and its problem", (title, field) => {
    show(
      <SettingField
        field={field}
        own={undefined}
        below={undefined}
        problem="It is wrong."
        problemAt={() => null}
        secret={{ kept: { set: false, last4: null, origin: null }, typed: undefined }}
        onSet={() => undefined}
        onSecret={() => undefined}
      />,
    );
    expect(screen.getByLabelText(title)).toHaveAccessibleDescription(/It is wrong. Some /);
  });
});
