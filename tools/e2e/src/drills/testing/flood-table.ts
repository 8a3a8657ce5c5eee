import { availableParallelism } from 'node:os';
import { RegistryProblem } from '@agent-registry/client';
import type pg from 'pg';

const MIB = 1_048_576;
/** As a deployment has them unless it says otherwise: capacity and refill a minute. */
export const LIMITS = {
  DISCOVERY: [60, 20],
  READ: [120, 60],
  WRITE: [30, 10],
  JOB: [120, 60],
  REGISTRATION: [5, 2],
} as const;
/** Registrations of an instance, as a multiple of what one address may register. */
const INSTANCE_REGISTRATIONS = 20;
/** What may be written in an hour from one address, by each agent that paid a fee besides, and beyond it by requests at once. */
const ADDRESS_MIB = 256;
const PAYER_MIB = 2;
const AT_ONCE_MIB = 4;
/** What an agent may have run in a day without a job. */
const CHECK_SECONDS = 300;

/** What each query finds of the worst agent, address or host, or of all. */
const QUERIES = {
  agents: 'SELECT count(*) FROM agents',
  databaseBytes: 'SELECT pg_database_size(current_database())',
  addressBytes:
    'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM written_bytes GROUP BY address, hour) AS each',
  agentBytes:
    'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM written_bytes GROUP BY agent_id, hour) AS each',
  keptBytes: 'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM kept_bytes GROUP BY agent_id) AS each',
  payers: `SELECT count(DISTINCT party) FROM jobs CROSS JOIN LATERAL (VALUES (client_agent_id), (seller_agent_id)) AS parties (party)
    WHERE status = 'completed' AND seller_share > 0`,
  proposals: `SELECT coalesce(max(n), 0) FROM
    (SELECT count(*) AS n FROM jobs WHERE status IN ('proposed', 'negotiating') GROUP BY client_agent_id) AS each`,
  agentAttempts: `SELECT coalesce(max(amount), 0) FROM hourly_counts WHERE name LIKE 'webhook:agent:%'`,
  hostAttempts: `SELECT coalesce(max(amount), 0) FROM hourly_counts WHERE name LIKE 'webhook:host:%'`,
  checkMs: `SELECT coalesce(max(ms), 0) FROM
    (SELECT sum(step.runner_ms) AS ms FROM criteria_check_steps step JOIN criteria_checks USING (check_id) GROUP BY agent_id) AS each`,
  runnerMs: `SELECT (SELECT coalesce(sum(runner_ms), 0) FROM verification_runs) +
    (SELECT coalesce(sum(runner_ms), 0) FROM criteria_check_steps)`,
} as const;

export type Measures = Readonly<Record<keyof typeof QUERIES, number>>;

/** What stands in the database. */
export async function measure(db: pg.Client): Promise<Measures> {
  const found: [string, number][] = [];
  for (const [name, sql] of Object.entries(QUERIES)) {
    const { rows } = await db.query({ text: sql, rowMode: 'array' });
    found.push([name, Number(rows[0]?.[0])]);
  }
  return Object.fromEntries(found) as Measures;
}

export interface Row {
  readonly what: string;
  /** What the bound is for. */
  readonly each: 'agent' | 'address' | 'host' | 'instance';
  readonly seen: number;
  readonly bound: number;
}

export interface Flood {
  readonly before: Measures;
  readonly after: Measures;
  /** POSTs that arrived at a stranger's server. */
  readonly posts: number;
  readonly elapsedMs: number;
  /** Hours of the clock that it touched. */
  readonly hours: number;
  readonly writtenBefore: number;
}

/** What the flood cost, beside what each agent, address and instance may cost. */
export function rowsOf({ before, after, posts, elapsedMs, hours, writtenBefore }: Flood): Row[] {
  const [capacity, refill] = LIMITS.REGISTRATION;
  const registered = after.agents - before.agents;
  const registrable = capacity + Math.ceil((refill * elapsedMs) / 60_000);
  const seconds = Math.ceil(elapsedMs / 1_000);
  const mib = (bytes: number) => Math.round(bytes / MIB);
  const addressMib = ADDRESS_MIB + AT_ONCE_MIB + PAYER_MIB * after.payers;
  const grown = mib(after.databaseBytes - before.databaseBytes);
  const row = (each: Row['each'], what: string, seen: number, bound: number): Row => ({
    each,
    what,
    seen,
    bound,
  });
  return [
    row('address', 'agents more', registered, registrable),
    row('instance', 'agents more', registered, registrable * INSTANCE_REGISTRATIONS),
    row('agent', 'MiB written in the hour', mib(after.agentBytes), 16),
    row('agent', 'MiB kept', mib(after.keptBytes), 64),
    row('address', 'MiB written in the hour', mib(after.addressBytes), addressMib),
    row('instance', 'MiB that the database grew by', grown, 2 * (addressMib - mib(writtenBefore))),
    row('agent', 'open proposals', after.proposals, 100),
    row('agent', 'webhooks sent to a stranger', after.agentAttempts, 20),
    row('host', 'webhooks sent to a stranger', after.hostAttempts, 60),
    row('instance', 'POSTs at the stranger, those of agreed jobs too', posts, 660 * hours),
    row('agent', 'runner-seconds without a job', Math.round(after.checkMs / 1_000), CHECK_SECONDS),
    row('instance', 'runner-seconds', Math.round(after.runnerMs / 1_000), availableParallelism() * seconds),
  ];
}

export function tableOf(rows: readonly Row[]): string {
  const line = (what: string, each: string, seen: string, bound: string) =>
    `${what.padEnd(50)}${each.padEnd(10)}${seen.padStart(8)}${bound.padStart(10)}`;
  return [
    line('what', 'of each', 'seen', 'at most'),
    ...rows.map(({ what, each, seen, bound }) => line(what, each, String(seen), String(bound))),
  ].join('\n');
}

/** What refused a request; of a fault of ours, also why. */
const nameOf = ({ status, code, detail }: RegistryProblem): string =>
  status < 500 ? `${status} ${code}` : `${status} ${code}: ${detail}`;

/** Counts what came of requests: `done`, or what refused them. */
export function createTally() {
  const counts = new Map<string, number>();
  return {
    counts,
    async of(work: Promise<unknown>): Promise<void> {
      const outcome = await work.then(
        () => 'done',
        (error: unknown) => (error instanceof RegistryProblem ? nameOf(error) : String(error)),
      );
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    },
    describe: () =>
      [...counts]
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, count]) => `${count} × ${name}`)
        .join(', '),
  };
}
export type Tally = ReturnType<typeof createTally>;
