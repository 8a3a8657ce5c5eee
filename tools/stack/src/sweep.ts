import { tasksAccount } from './environment.ts';

const requestTimeoutMs = 30_000;
/** A deployment runs maintenance once a minute: each second it would only burn CPU, and hide what a registry costs at rest. */
const MAINTENANCE_EVERY = 5;

export interface Sweep {
  /** Ends the sweeping and the request under way. */
  stop(): Promise<void>;
}

async function sweepOnce(
  { dispatcherUrl, tokenIssuerUrl }: { dispatcherUrl: string; tokenIssuerUrl: string },
  maintenance: boolean,
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams({ audience: dispatcherUrl, email: tasksAccount });
  const token = await fetch(`${tokenIssuerUrl}/token?${query.toString()}`, { method: 'POST', signal });
  if (!token.ok) throw new Error(`the token issuer answered ${token.status}`);
  const response = await fetch(`${dispatcherUrl}/internal/sweep`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token.text()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ maintenance }),
    signal,
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the dispatcher answered ${response.status}`);
}

/**
 * Calls the dispatchers' sweep as Cloud Scheduler does in a deployment, only more often, and each instance in turn; never two at
 * once. Tells of the first failure and of the recovery, not of every failure between.
 */
export function startSweep(
  options: { dispatcherUrls: readonly string[]; tokenIssuerUrl: string; everyMs: number },
  log: (line: string) => void,
): Sweep {
  const stopping = new AbortController();
  let underWay: Promise<void> | null = null;
  let isFailing = false;
  let calls = 0;
  const run = async (): Promise<void> => {
    const dispatcherUrl = options.dispatcherUrls[calls % options.dispatcherUrls.length]!;
    const maintenance = calls % MAINTENANCE_EVERY === 0;
    calls += 1;
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(requestTimeoutMs)]);
      await sweepOnce({ dispatcherUrl, tokenIssuerUrl: options.tokenIssuerUrl }, maintenance, signal);
      if (isFailing) log('sweeping again');
      isFailing = false;
    } catch (error) {
      if (!isFailing && !stopping.signal.aborted) log(`the sweep fails: ${(error as Error).message}`);
      isFailing = true;
    }
  };
  const timer = setInterval(() => {
    underWay ??= run().finally(() => {
      underWay = null;
    });
  }, options.everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await underWay;
    },
  };
}
