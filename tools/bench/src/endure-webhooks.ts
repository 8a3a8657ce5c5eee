import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentClient, type Connection, register, type WebhookOf } from '@agent-registry/client';
import { createDb, type Db } from '@agent-registry/db';
import type { ServiceName, Stack } from '@agent-registry/stack';
import { sql } from 'kysely';

export interface Endurance {
  readonly events: number;
  readonly targets: number;
  /** One target in so many is dead: every other of those refuses connections, the rest never answer. */
  readonly deadEvery: number;
  /** Times each of the victims is killed with -9, at random moments. */
  readonly kills: number;
  readonly victims: readonly ServiceName[];
  /** Makes the random moments the same again. */
  readonly seed: number;
  /** How long everything may take to arrive after the last event. */
  readonly drainMs: number;
  /** How long the dead ones' deliveries may take to be exhausted after that; pending ones are accounted for, too. */
  readonly settleMs: number;
  readonly say: (line: string) => void;
}

export interface EnduranceReport {
  readonly events: number;
  readonly killed: number;
  /** Events that a live receiver never got. */
  readonly lost: readonly string[];
  /** Receipts beyond the first of each delivery, as a share of all at live receivers. */
  readonly duplicateShare: number;
  /** Dead targets' deliveries by how they stand. */
  readonly dead: Readonly<Record<'exhausted' | 'pending', number>>;
  /** What the registry's books cannot explain. */
  readonly unaccounted: readonly string[];
  readonly seconds: number;
}

interface Target {
  readonly agentId: string;
  readonly isDead: boolean;
  /** Receipts by job. */
  readonly receipts: Map<string, number>;
  close(): void;
}

const CALLERS = 12;
const POLL_MS = 250;
/** Callers that do not give up while a part of the registry is away. */
const PATIENT = { maxRetries: 60, timeoutMs: 30_000 };

/**
 * Records events while parts of the registry are killed at random, lets everything arrive, and compares what receivers got
 * with the registry's books.
 */
export async function endureWebhooks(stack: Stack, plan: Endurance): Promise<EnduranceReport> {
  const startedAt = performance.now();
  const connection = { baseUrl: stack.apiUrl, ...PATIENT };
  const db = createDb({
    url: stack.database.url('registry_owner'),
    poolMax: 2,
    onIdleError: () => undefined,
  });
  const targets: Target[] = [];
  try {
    for (let index = 0; index < plan.targets; index += 1)
      targets.push(await openTarget(connection, index, plan.deadEvery));
    const { client } = await register(connection, { display_name: 'client' });
    const progress = { made: 0 };
    const [sent, killed] = await Promise.all([
      propose(client, targets, plan.events, progress),
      killAtRandom(stack, plan, progress),
    ]);
    plan.say(`${sent.length} events recorded, ${killed} kills`);
    const lost = await drain(targets, sent, plan);
    const dead = await settleDead(db, targets, plan);
    return {
      events: sent.length,
      killed,
      lost,
      duplicateShare: duplicateShare(targets),
      dead,
      unaccounted: await findUnaccounted(db, targets, sent),
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    };
  } finally {
    for (const target of targets) target.close();
    await db.destroy();
  }
}

async function openTarget(connection: Connection, index: number, deadEvery: number): Promise<Target> {
  const isDead = index % deadEvery === 0;
  const hangs = isDead && index % (2 * deadEvery) === 0;
  const receipts = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (hangs) return;
      const { job_id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as WebhookOf;
      receipts.set(job_id ?? '', (receipts.get(job_id ?? '') ?? 0) + 1);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { agent } = await register(connection, { display_name: `target ${index}`, endpoint_url });
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  if (isDead && !hangs) close();
  return { agentId: agent.agent_id, isDead, receipts, close };
}

interface Sent {
  readonly jobId: string;
  readonly target: Target;
}

async function propose(
  client: AgentClient,
  targets: readonly Target[],
  events: number,
  progress: { made: number },
): Promise<Sent[]> {
  const sent: Sent[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < events) {
      const target = targets[next++ % targets.length]!;
      const { job_id } = await client.proposeJob({ seller_agent_id: target.agentId, max_budget: '1.00' });
      sent.push({ jobId: job_id, target });
      progress.made += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return sent;
}

/** Kills each victim so many times, spread at random over the events. */
async function killAtRandom(stack: Stack, plan: Endurance, progress: { made: number }): Promise<number> {
  const random = createRandom(plan.seed);
  const moments = plan.victims
    .flatMap((victim) =>
      Array.from({ length: plan.kills }, () => ({ victim, at: Math.floor(random() * plan.events * 0.95) })),
    )
    .sort((one, other) => one.at - other.at);
  for (const { victim, at } of moments) {
    while (progress.made < at) await delay(POLL_MS / 10);
    const pid = stack.pid(victim);
    plan.say(`event ${progress.made}: kill -9 ${victim}`);
    stack.kill(victim);
    while (stack.pid(victim) === pid) await delay(POLL_MS / 10);
    await stack.whenReady(victim);
  }
  return moments.length;
}

/** Waits until each live target has every event of its own; what is missing when the time is over. */
async function drain(targets: readonly Target[], sent: readonly Sent[], plan: Endurance): Promise<string[]> {
  const missing = () =>
    sent
      .filter(({ target, jobId }) => !target.isDead && !target.receipts.has(jobId))
      .map(({ jobId }) => jobId);
  const deadline = performance.now() + plan.drainMs;
  while (missing().length > 0 && performance.now() < deadline) await delay(POLL_MS);
  plan.say(
    `${missing().length} events have not arrived at ${targets.filter((one) => !one.isDead).length} live targets`,
  );
  return missing();
}

async function settleDead(
  db: Db,
  targets: readonly Target[],
  plan: Endurance,
): Promise<EnduranceReport['dead']> {
  const dead = targets.filter(({ isDead }) => isDead).map(({ agentId }) => agentId);
  const count = async () => {
    const { rows } = await sql<{ exhausted: boolean; count: bigint }>`
      SELECT exhausted, count(*) FROM webhook_deliveries WHERE agent_id = ANY(${dead}::uuid[]) GROUP BY exhausted`.execute(
      db,
    );
    const of = (exhausted: boolean) => Number(rows.find((row) => row.exhausted === exhausted)?.count ?? 0n);
    return { exhausted: of(true), pending: of(false) };
  };
  const deadline = performance.now() + plan.settleMs;
  while ((await count()).pending > 0 && performance.now() < deadline) await delay(POLL_MS);
  return count();
}

function duplicateShare(targets: readonly Target[]): number {
  const counts = targets.flatMap(({ receipts }) => [...receipts.values()]);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : (all - counts.length) / all;
}

/**
 * What the books cannot explain: events without a delivery, deliveries that are not delivered and wait for nothing, attempts
 * missing from a log, and deliveries called delivered that nobody received.
 */
async function findUnaccounted(db: Db, targets: readonly Target[], sent: readonly Sent[]): Promise<string[]> {
  const agents = targets.map(({ agentId }) => agentId);
  const { rows } = await sql<Book>`
    SELECT delivery.delivery_id, delivery.agent_id, event.job_id, delivery.status, delivery.exhausted, delivery.attempts,
      (SELECT count(*) FROM webhook_attempts a WHERE a.delivery_id = delivery.delivery_id AND a.finished_at IS NOT NULL) AS logged,
      (SELECT coalesce(max(attempt), 0) FROM webhook_attempts a WHERE a.delivery_id = delivery.delivery_id) AS last,
      EXISTS (SELECT FROM outbox WHERE kind = 'webhook' AND subject = delivery.delivery_id::text) AS waiting
    FROM webhook_deliveries delivery JOIN events event USING (event_id)
    WHERE delivery.agent_id = ANY(${agents}::uuid[])`.execute(db);
  const booked = new Set(rows.map(({ job_id }) => job_id));
  const byId = new Map(targets.map((target) => [target.agentId, target]));
  return [
    ...sent.filter(({ jobId }) => !booked.has(jobId)).map(({ jobId }) => `job ${jobId}: no delivery`),
    ...rows.flatMap((row) =>
      faultsOf(row, byId.get(row.agent_id)).map((fault) => `${row.delivery_id}: ${fault}`),
    ),
  ];
}

interface Book {
  readonly delivery_id: string;
  readonly agent_id: string;
  readonly job_id: string;
  readonly status: string;
  readonly exhausted: boolean;
  readonly attempts: number;
  readonly logged: bigint;
  readonly last: number;
  readonly waiting: boolean;
}

function faultsOf(row: Book, target: Target | undefined): string[] {
  const logged = Number(row.logged);
  const received = target?.receipts.has(row.job_id) ?? false;
  return [
    ...(logged === row.attempts ? [] : [`${row.attempts} attempts counted, ${logged} in the log`]),
    ...(row.last - logged > 1 ? [`attempt ${row.last} without those before it`] : []),
    ...(row.status === 'pending' && !row.waiting ? ['pending, and nothing will send it'] : []),
    ...(row.status === 'failed' && !row.exhausted ? ['failed without being exhausted'] : []),
    ...(row.status === 'delivered' && !received ? ['delivered, and nobody received it'] : []),
    ...(row.status === 'delivered' && target?.isDead === true ? ['delivered to a dead target'] : []),
  ];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
