// Help text of a setting as the server writes it, where names of things stand between backticks.
import { Fragment } from "react";

export function HelpText({ text }: { readonly text: string }) {
  const parts = text.split("`");
  return parts.map((part, index) =>
    // The parts of one text never change places.
    index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
  );
}
