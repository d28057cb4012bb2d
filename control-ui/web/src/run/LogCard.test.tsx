import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../test/render";
import { logLine } from "../test/samples";
import { LogCard } from "./LogCard";

it("shows text from outside as text, with source and level as words", () => {
  const text = '<img src="x" onerror="alert(1)"><b>bold</b>';
  const { container } = show(
    <LogCard logs={{ lines: [{ ...logLine, level: "warn", text }], skipped: 12, missing: null, next: null }} />,
  );
  expect(screen.getByText(text)).toBeVisible();
  expect(container.querySelector("img, b")).toBeNull();
  expect(screen.getByText("loader")).toBeVisible();
  expect(screen.getByText("warn")).toBeVisible();
  expect(screen.getByText(/12 earlier lines are not shown/)).toBeVisible();
});

it("is not a live region and can be scrolled by keyboard", () => {
  show(<LogCard logs={{ lines: [logLine], skipped: 0, missing: null, next: null }} />);
  const box = screen.getByRole("region", { name: "Log lines" });
  expect(box).toHaveAttribute("tabindex", "0");
  expect(box).not.toHaveAttribute("aria-live");
});
