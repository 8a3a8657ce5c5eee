import type { DeliveryTarget } from '@agent-registry/db';

/** Whether an agent's endpoint may be sent this delivery now. A disabled one is sent pings alone: they may enable it. */
export function isReachable(
  target: Pick<DeliveryTarget, 'endpoint_url' | 'agent_status' | 'endpoint_disabled_at' | 'event_type'>,
): boolean {
  return (
    target.endpoint_url !== null &&
    target.agent_status !== 'deactivated' &&
    (target.endpoint_disabled_at === null || target.event_type === 'ping')
  );
}
