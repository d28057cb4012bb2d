import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { show } from "../test/render";
import { SignIn } from "./SignIn";

const common = { notice: null, problem: null, pending: false };

describe("the sign-in", () => {
  it("explains how to get another link", () => {
    show(<SignIn {...common} onKey={() => undefined} />);
    expect(screen.getByText("control-ui login-link")).toBeVisible();
  });

  it("hands over the key that was pasted", async () => {
    const onKey = vi.fn();
    show(<SignIn {...common} onKey={onKey} />);
    await userEvent.click(screen.getByLabelText("API key"));
    await userEvent.paste(" key-1 ");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(onKey).toHaveBeenCalledWith("key-1");
  });

  it("says what is missing instead of doing nothing", async () => {
    const onKey = vi.fn();
    show(<SignIn {...common} onKey={onKey} />);
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(onKey).not.toHaveBeenCalled();
    expect(screen.getByLabelText("API key")).toHaveAccessibleDescription(/Type or paste an API key first/);
  });

  it("shows why the key was refused beside the field", () => {
    show(<SignIn {...common} problem="this key is not accepted" onKey={() => undefined} />);
    expect(screen.getByLabelText("API key")).toHaveAccessibleDescription(/this key is not accepted/);
  });
});
