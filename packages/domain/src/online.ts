/** An agent is online for this long after it was seen, or after its endpoint last answered 2xx. */
const ONLINE_FOR_MS = 600_000;

/** Who was seen after this moment is online now. */
export function onlineSince(now: Date): Date {
  return new Date(now.getTime() - ONLINE_FOR_MS);
}

export interface Presence {
  readonly status: string;
  readonly last_seen: Date | null;
  readonly endpoint_answered_at: Date | null;
}

/** Whether an active agent was seen, or its endpoint answered 2xx, in the last 10 minutes. */
export function isOnline({ status, last_seen, endpoint_answered_at }: Presence, now: Date): boolean {
  const since = onlineSince(now);
  return status === 'active' && [last_seen, endpoint_answered_at].some((at) => at !== null && at > since);
}
