import pg from 'pg';
import { explainRefusedStartup, isPlanStale, isSessionUnfit } from '../database-errors.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** A session is not used again once it is so old, with up to half as much again of jitter: a failed-over server is left behind. */
export const SESSION_LIFETIME_MS = 300_000;
/** How often a server that took no writes is asked by a new session whether it takes them again. */
const READ_ONLY_TRIAL_MS = 100;
/** What Postgres reports unasked, when a session begins and whenever it changes. */
const READ_ONLY_REPORTS: ReadonlySet<string> = new Set(['default_transaction_read_only', 'in_hot_standby']);

interface Report {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/** A connection that knows whether its server takes writes, and whether it is fit to be used again. */
class Session extends pg.Client {
  readonly openedAtMs = performance.now();
  lifetimeMs = Number.POSITIVE_INFINITY;
  isUnfit = false;
  readonly statements = new PreparedStatements();
  /** Told when a statement turned out to be prepared for tables that have changed since. */
  onPlanStale = (): void => undefined;
  /** What was prepared before is not used again. */
  preparedSinceMs = this.openedAtMs;
  readonly #readOnly = new Set<string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: Report) => {
      if (!READ_ONLY_REPORTS.has(parameterName)) return;
      if (parameterValue === 'on') this.#readOnly.add(parameterName);
      else this.#readOnly.delete(parameterName);
    });
    this.connection.on('errorMessage', (error: Error) => {
      this.isUnfit ||= isSessionUnfit(error);
      if (!isPlanStale(error)) return;
      this.forgetStatements();
      this.onPlanStale();
    });
  }

  get isReadOnly(): boolean {
    return this.#readOnly.size > 0;
  }

  forgetStatements(): void {
    this.statements.forgetAll();
    this.preparedSinceMs = performance.now();
  }

  get isOver(): boolean {
    return this.isUnfit || performance.now() - this.openedAtMs >= this.lifetimeMs;
  }
}

export type LeasedSession = Session & pg.PoolClient;

export interface SessionPoolOptions extends pg.PoolConfig {
  readonly lifetimeMs: number;
  /** Called for an error on an idle connection, which would otherwise end the process. */
  readonly onIdleError: (error: Error) => void;
}

/** Connections of a pool. */
export interface PoolUse {
  readonly used: number;
  /** Callers that wait for one. */
  readonly waiting: number;
  readonly max: number;
}

export interface SessionPool {
  use(): PoolUse;
  connect(): Promise<LeasedSession>;
  end(): Promise<void>;
}

/**
 * A pool that closes sessions which answer and yet cannot work: what broke off, what a failover turned read-only, what
 * outlived its lifetime. One that Postgres calls read-only serves reads, until a newer one takes writes or a trial is due.
 */
export function createSessionPool({ lifetimeMs, onIdleError, ...config }: SessionPoolOptions): SessionPool {
  const pool = new pg.Pool({ ...config, Client: Session });
  let writableAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let plansStaleAtMs = Number.NEGATIVE_INFINITY;
  pool.on('connect', (client) => {
    const session = client as LeasedSession;
    session.lifetimeMs = lifetimeMs * (1 + Math.random() / 2);
    session.onPlanStale = () => {
      plansStaleAtMs = performance.now();
    };
    triedAtMs = performance.now();
    if (!session.isReadOnly) writableAtMs = Math.max(writableAtMs, session.openedAtMs);
    // The query in progress, or the next one, fails with it; without a listener the process would end as well.
    client.on('error', () => undefined);
  });
  pool.on('error', onIdleError);
  const isStale = (session: Session): boolean =>
    session.isReadOnly &&
    (session.openedAtMs < writableAtMs || performance.now() - triedAtMs > READ_ONLY_TRIAL_MS);
  const lease = (session: LeasedSession): LeasedSession => {
    if (session.preparedSinceMs < plansStaleAtMs) session.forgetStatements();
    const release = session.release.bind(session);
    session.release = (destroy) => {
      if (session.isUnfit) triedAtMs = Number.NEGATIVE_INFINITY;
      release(session.isOver ? true : destroy);
    };
    return session;
  };
  return {
    use: () => ({
      used: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
      max: pool.options.max,
    }),
    end: () => pool.end(),
    connect: async () => {
      try {
        for (;;) {
          const session = (await pool.connect()) as LeasedSession;
          if (!isStale(session)) return lease(session);
          session.release(true);
        }
      } catch (error) {
        throw explainRefusedStartup(error);
      }
    },
  };
}
