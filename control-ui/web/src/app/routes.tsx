// The route table: which address shows which page. Pages are default exports of src/<area>/<Name>Page.tsx. Each is
// fetched when it is first opened, or when somebody points at a link to it.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { basePath } from "../api/client";
import { BrokenPage } from "./BrokenPage";
import { MissingPage } from "./MissingPage";
import { readSearch, writeSearch } from "./search";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell });

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsPage")),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: (): void => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to send elsewhere
    throw redirect({ to: "/settings/keys", replace: true });
  },
});

const routeTree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("../overview/OverviewPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/setup",
    component: lazyRouteComponent(() => import("../setup/SetupPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/runs",
    component: lazyRouteComponent(() => import("../runs/RunsPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/runs/$id",
    component: lazyRouteComponent(() => import("../run/RunPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/backfill",
    component: lazyRouteComponent(() => import("../backfill/BackfillPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/preview",
    component: lazyRouteComponent(() => import("../preview/PreviewPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/configuration",
    component: lazyRouteComponent(() => import("../configuration/ConfigurationPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/presets",
    component: lazyRouteComponent(() => import("../presets/PresetsPage")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/logs",
    component: lazyRouteComponent(() => import("../logs/LogsPage")),
  }),
  settings.addChildren([
    settingsIndex,
    createRoute({
      getParentRoute: () => settings,
      path: "/keys",
      component: lazyRouteComponent(() => import("../settings/KeysPage")),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/sessions",
      component: lazyRouteComponent(() => import("../settings/SessionsPage")),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/audit",
      component: lazyRouteComponent(() => import("../settings/AuditPage")),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/hosts",
      component: lazyRouteComponent(() => import("../settings/HostsPage")),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/appearance",
      component: lazyRouteComponent(() => import("../settings/AppearancePage")),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/about",
      component: lazyRouteComponent(() => import("../settings/AboutPage")),
    }),
  ]),
]);

export const makeRouter = () =>
  createRouter({
    routeTree,
    basepath: basePath,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
    defaultPreload: "intent",
    scrollRestoration: true,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
