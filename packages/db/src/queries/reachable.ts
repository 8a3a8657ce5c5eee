import { type RawBuilder, sql } from 'kysely';

/**
 * Whether an agent may be sent webhooks of an event type: it has an endpoint and has not left. A disabled endpoint is sent
 * pings alone: they may enable it. `agent` is the alias of its row.
 */
export function isReachable(agent: string, eventType: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${agent}.${name}`);
  return sql<boolean>`(${column('endpoint_url')} IS NOT NULL AND ${column('status')} <> 'deactivated'
    AND (${column('endpoint_disabled_at')} IS NULL OR ${sql.ref(eventType)} = 'ping'))`;
}
