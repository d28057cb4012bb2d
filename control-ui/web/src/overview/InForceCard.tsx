// The settings that the traffic obeys, in short.
import { Link } from "@tanstack/react-router";
import type { RunView } from "../api/types";
import { messages } from "../messages";
import { sizeOf, targetOf } from "../run/state";
import { Card } from "../ui/Card";
import { Facts } from "../ui/Facts";

const words = messages.overview;

export function InForceCard({ run }: { readonly run: RunView }) {
  const guards = run.guards;
  return (
    <Card
      title={words.inForce}
      aside={
        <Link to="/configuration" className="tf-muted">
          {messages.places.configuration}
        </Link>
      }
    >
      <Facts
        facts={[
          [messages.page.target, targetOf(run)],
          [messages.control.preset, run.preset ?? messages.control.noPreset],
          [messages.control.size, sizeOf(run)],
          [messages.run.token, run.token_set ? messages.run.tokenSet : messages.run.tokenNone],
          ...(guards.length > 0 ? ([[messages.run.guards, guards.join(" ")]] as const) : []),
        ]}
      />
    </Card>
  );
}
