// An address that leads nowhere.
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { messages } from "../messages";
import { PageHead } from "./PageHead";

const words = messages.frame;

export function MissingPage(): ReactNode {
  return (
    <>
      <PageHead title={words.missing} />
      <p>
        {words.missingWhy} <Link to="/">{messages.places.overview}</Link>
      </p>
    </>
  );
}
