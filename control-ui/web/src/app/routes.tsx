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
import { readSearch, writeSearch } from "./search";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell });

const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage });
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: (): void => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to send elsewhere
    throw redirect({ to: "/settings/keys", replace: true });
  },
});

const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: OverviewPage }),
  createRoute({ getParentRoute: () => root, path: "/setup", component: SetupPage }),
  createRoute({ getParentRoute: () => root, path: "/runs", component: RunsPage }),
  createRoute({ getParentRoute: () => root, path: "/runs/$id", component: RunPage }),
  createRoute({ getParentRoute: () => root, path: "/configuration", component: ConfigurationPage }),
  createRoute({ getParentRoute: () => root, path: "/presets", component: PresetsPage }),
  createRoute({ getParentRoute: () => root, path: "/logs", component: LogsPage }),
  settings.addChildren([
    settingsIndex,
    createRoute({ getParentRoute: () => settings, path: "/keys", component: KeysPage }),
    createRoute({ getParentRoute: () => settings, path: "/sessions", component: SessionsPage }),
    createRoute({ getParentRoute: () => settings, path: "/audit", component: AuditPage }),
    createRoute({ getParentRoute: () => settings, path: "/hosts", component: HostsPage }),
    createRoute({ getParentRoute: () => settings, path: "/appearance", component: AppearancePage }),
    createRoute({ getParentRoute: () => settings, path: "/about", component: AboutPage }),
  ]),
]);

export const makeRouter = () =>
  createRouter({
    routeTree,
    basepath: basePath,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
