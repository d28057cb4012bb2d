// Words of the sign-in.

export const session = {
  session: {
    title: "Sign in",
    lead: "This page can start traffic, so it asks who you are.",
    linkTitle: "With a link",
    link: "The control plane prints a sign-in link when it starts. It works once, for 15 minutes. For another one, run this where the control plane runs:",
    command: "control-ui login-link",
    commandDocker: "docker compose exec control-ui control-ui login-link",
    or: "or, in a container,",
    keyTitle: "With an API key",
    key: "API key",
    keyHelp: "Exchanged for a session at once; this page does not keep it.",
    submit: "Sign in",
    pending: "Signing in…",
    signOut: "Sign out",
    empty: "Type or paste an API key first.",
    ended: "The session has ended, so nothing more can be shown. Sign in again; traffic that is on goes on.",
    refusedCode: "This link was not accepted: each link works once, for 15 minutes. Make another one as shown below.",
  },
} as const;
