const KEPT = 'agent-registry-log';

/** A log, and the keys that it is believed by. */
export interface TrustedLog {
  readonly origin: string;
  readonly vkeys: readonly string[];
  /** When this browser first saw it, RFC 3339. */
  readonly since: string;
}

function readKept(): TrustedLog | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Partial<TrustedLog> | null;
    const { origin, vkeys, since } = kept ?? {};
    return typeof origin === 'string' && typeof since === 'string' && Array.isArray(vkeys)
      ? { origin, vkeys, since }
      : null;
  } catch {
    return null; // Where the browser keeps nothing, each visit is the first.
  }
}

/** Believes a log by these keys from now on. */
export function keepLog(log: TrustedLog): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(log));
  } catch {
    // As above.
  }
}

/**
 * The keys by which this browser believes the log: those that it saw first. A page that took them from the registry each time would
 * believe any log that the registry makes up.
 */
export function trustedLog(shown: {
  readonly origin: string;
  readonly vkeys: readonly string[];
}): TrustedLog {
  const kept = readKept();
  if (kept !== null) return kept;
  const first = { origin: shown.origin, vkeys: shown.vkeys, since: new Date().toISOString() };
  keepLog(first);
  return first;
}
