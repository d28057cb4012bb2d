// The single-use code of a sign-in link (http://host/#code=…). It leaves the address bar, and with it the browser's
// history, before anything else happens.

export function takeCodeFromAddress(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get("code");
  if (code === null) return null;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return code === "" ? null : code;
}
