// After a change: what was read before it is read anew.
import type { InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";

/**
 * Asks again for what a change made stale. A request that is under way began before the change, so its answer counts
 * for nothing: without this, the cache would go on waiting for it where it has no data yet, and show the world before.
 */
export function refresh(client: QueryClient, filters: InvalidateQueryFilters): Promise<void> {
  void client.cancelQueries(filters);
  return client.invalidateQueries(filters);
}
