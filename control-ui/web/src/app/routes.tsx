// The route table: which address shows which page. Pages are default exports of src/<area>/<Name>Page.tsx.
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { basePath } from "../api/client";
import ConfigurationPage from "../configuration/ConfigurationPage";
import LogsPage from "../logs/LogsPage";
import OverviewPage from "../overview/OverviewPage";
import PresetsPage from "../presets/PresetsPage";
import RunPage from "../run/RunPage";
import RunsPage from "../runs/RunsPage";
import AboutPage from "../settings/AboutPage";
import AppearancePage from "../settings/AppearancePage";
import AuditPage from "../settings/AuditPage";
import HostsPage from "../settings/HostsPage";
import KeysPage from "../settings/KeysPage";
import SessionsPage from "../settings/SessionsPage";
import SettingsPage from "../settings/SettingsPage";
import SetupPage from "../setup/SetupPage";
import { BrokenPage } from "./BrokenPage";
import { MissingPage } from "./MissingPage";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell });
const at = <Path extends string>(path: Path, component: () => React.JSX.Element) =>
  createRoute({ getParentRoute: () => root, path, component });

const settings = at("/settings", SettingsPage);
const tab = <Path extends string>(path: Path, component: () => React.JSX.Element) =>
  createRoute({ getParentRoute: () => settings, path, component });
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to send elsewhere
    throw redirect({ to: "/settings/keys", replace: true });
  },
});

const routeTree = root.addChildren([
  at("/", OverviewPage),
  at("/setup", SetupPage),
  at("/runs", RunsPage),
  at("/runs/$id", RunPage),
  at("/configuration", ConfigurationPage),
  at("/presets", PresetsPage),
  at("/logs", LogsPage),
  settings.addChildren([
    settingsIndex,
    tab("/keys", KeysPage),
    tab("/sessions", SessionsPage),
    tab("/audit", AuditPage),
    tab("/hosts", HostsPage),
    tab("/appearance", AppearancePage),
    tab("/about", AboutPage),
  ]),
]);

export const makeRouter = () =>
  createRouter({
    routeTree,
    basepath: basePath,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
