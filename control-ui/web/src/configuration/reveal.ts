// To a setting or section, wherever it is hidden, without touching the address.

/** Opens what is folded around an element, brings it into view and gives it the focus. */
export function reveal(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  for (let folded = element.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) {
    folded.open = true;
  }
  element.scrollIntoView({ block: "start" });
  element.focus({ preventScroll: true });
}

/** For links whose address is a fragment: with a base address they would lead elsewhere. */
export function revealTarget(event: React.MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  reveal(event.currentTarget.hash.slice(1));
}
