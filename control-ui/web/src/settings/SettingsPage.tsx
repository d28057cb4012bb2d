// The settings of this control plane and this browser, in parts.
import type { ReactNode } from "react";
import { Link, Outlet } from "@tanstack/react-router";
import { messages } from "../messages";
import classes from "./SettingsPage.module.css";

const words = messages.settings;

const tabs = [
  { to: "/settings/keys", word: words.tabs.keys },
  { to: "/settings/sessions", word: words.tabs.sessions },
  { to: "/settings/audit", word: words.tabs.audit },
  { to: "/settings/hosts", word: words.tabs.hosts },
  { to: "/settings/appearance", word: words.tabs.appearance },
  { to: "/settings/about", word: words.tabs.about },
] as const;

export default function SettingsPage(): ReactNode {
  return (
    <>
      <nav aria-label={words.places}>
        <ul className={classes.tabs}>
          {tabs.map(({ to, word }) => (
            <li key={to}>
              <Link to={to}>{word}</Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}
