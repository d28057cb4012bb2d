// The frame around every page: skip link, rail, strip, banners, the page itself.
import type { ReactNode } from "react";
import { Outlet } from "@tanstack/react-router";
import { useLive } from "../api/useLive";
import { messages } from "../messages";
import { Toasts } from "../ui/Toasts";
import { Banners } from "./Banners";
import { PhoneBar } from "./PhoneBar";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";
import { Strip } from "./Strip";
import { useFavicon } from "./useFavicon";
import { ConnectionContext } from "./useFrame";

export function Shell(): ReactNode {
  const connection = useLive();
  return (
    <ConnectionContext value={connection}>
      <Inside />
    </ConnectionContext>
  );
}

function Inside() {
  useFavicon();
  return (
    <div className={classes.frame}>
      {/* A fragment would be read against the base address, so the link moves the focus itself. */}
      <a
        className="tf-skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {messages.skipLink}
      </a>
      <Rail />
      <div className={classes.rest}>
        <Strip />
        <main id="main" className={classes.main} tabIndex={-1}>
          <Banners />
          <Outlet />
        </main>
      </div>
      <PhoneBar />
      <Toasts />
    </div>
  );
}
