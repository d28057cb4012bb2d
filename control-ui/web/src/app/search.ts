// What the address says after its question mark: plain names and texts, read and written in one way.
import { useNavigate, useRouterState } from "@tanstack/react-router";

export type SearchTexts = Readonly<Record<string, string | undefined>>;

export function readSearch(text: string): SearchTexts {
  return Object.fromEntries(new URLSearchParams(text));
}

/** What is empty is left out. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(search).filter(([, value]) => typeof value === "string" && value !== "");
  const text = new URLSearchParams(set as [string, string][]).toString();
  return text === "" ? "" : `?${text}`;
}

/** A page's filter, kept in the address: `read` takes from it what it knows. */
export function useSearchOf<Search extends object>(
  read: (texts: SearchTexts) => Search,
): readonly [Search, (next: Search) => void] {
  const text = useRouterState({ select: ({ location }) => location.searchStr });
  const navigate = useNavigate();
  const set = (next: Search) => {
    // Each keystroke of a search is not a page of its own.
    void navigate({ to: ".", search: next, replace: true, resetScroll: false });
  };
  return [read(readSearch(text)), set];
}
