import type { ApiConfig } from '@agent-registry/config';
import type { CriteriaChecker } from '@agent-registry/criteria';
import type { Announce, DatabaseClock, Db, WakeUps, WriteProbe } from '@agent-registry/db';
import type { Clock, EnqueueTasks, Ids, MarketRules } from '@agent-registry/schemas';
import type { Logger, Telemetry } from '@agent-registry/service-kit';
import type { Sealer } from '@agent-registry/signing';
import type { TasksClient } from '@agent-registry/tasks';
import type { Limiters } from './limiters.ts';
import type { NonceStore } from './middleware/nonces.ts';
import type { ParsedKeys } from './middleware/parsed-keys.ts';
import type { RateLimiter, RegistrationBudget } from './middleware/rate-limiter.ts';
import type { RedisLink } from './redis-link.ts';

/** Everything that serving a request needs, built once at boot. */
export interface ApiContext extends Limiters {
  readonly config: ApiConfig;
  readonly db: Db;
  readonly clock: Clock;
  /** The clock where no test sets it. */
  readonly databaseClock: DatabaseClock | null;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** How waiting requests are woken, on any instance; both absent where they poll. */
  readonly announce: Announce | undefined;
  readonly wakeUps: WakeUps | null;
  /** Rejects while the database takes no writes. */
  readonly probeWrites: WriteProbe;
  readonly tasks: TasksClient;
  readonly enqueue: EnqueueTasks;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Null where the deployment has no Redis. */
  readonly redis: RedisLink | null;
  readonly parsedKeys: ParsedKeys;
  readonly nonces: NonceStore;
  readonly limiter: RateLimiter;
  /** Checks acceptance criteria in threads of their own. */
  readonly criteria: CriteriaChecker;
  readonly registrations: RegistrationBudget;
  /** Aborted when the service is told to stop: whoever waits answers with what it has. */
  readonly stopping: AbortSignal;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}
