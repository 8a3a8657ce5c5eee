import { RegistryError } from '@agent-registry/schemas';
import { createLimiter, type Limiter } from '@agent-registry/service-kit';

/** Long polls for a verdict, and of feeds, on one instance; and of one agent. */
const OUTCOME_POLLS_MAX = 50;
const FEED_POLLS_MAX = 200;
const POLLS_OF_AGENT_MAX = 4;
const LISTS_OF_AGENT_MAX = 2;
const LISTS_QUEUED_MAX = 1_000;
/** Beyond it, background work that can be done another time is dropped. */
const BACKGROUND_MAX = 1_000;

/** Bounds of what goes on at once in one instance. */
export interface Limiters {
  /** Lists whose answers may be large: a few at once, so that they take neither all memory nor all connections. */
  readonly largeLists: Limiter;
  /** Long polls for an outcome. */
  readonly outcomePolls: Limiter;
  /** Long polls of feeds, which never end: they take no slot of those for an outcome. */
  readonly feedPolls: Limiter;
  /** Work that no response waits for, such as noting when an agent was last seen. */
  readonly background: Limiter;
}

export function createLimiters(poolMax: number): Limiters {
  return {
    largeLists: createLimiter({
      total: Math.max(1, Math.floor(poolMax / 2)),
      perKey: LISTS_OF_AGENT_MAX,
      waitingMax: LISTS_QUEUED_MAX,
      refusal: () => busy('Too many lists are asked for.', 1),
    }),
    outcomePolls: createPollLimiter(OUTCOME_POLLS_MAX),
    feedPolls: createPollLimiter(FEED_POLLS_MAX),
    background: createLimiter({ total: BACKGROUND_MAX, waitingMax: 0 }),
  };
}

/** So many long polls at once, a few of each agent; one more is refused. */
function createPollLimiter(total: number): Limiter {
  return createLimiter({
    total,
    perKey: POLLS_OF_AGENT_MAX,
    waitingMax: 0,
    refusal: (bound) =>
      bound === 'key'
        ? busy(`${POLLS_OF_AGENT_MAX} requests of yours are waiting already.`, 5)
        : busy(`${total} requests are waiting already.`, 5),
  });
}

function busy(detail: string, retryAfterSeconds: number): RegistryError {
  return new RegistryError('unavailable', detail, { retryAfterSeconds });
}
