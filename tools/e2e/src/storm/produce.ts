import type { OperatorClient, WebhookOf } from '@agent-registry/client';
import { createProgress } from '../testing/progress.ts';
import type { Contest } from './check-endings.ts';
import { settleAtOnce, settleOrBeDecided, settleOrRunOut } from './contests.ts';
import type { Random } from './random.ts';
import { propose, type Stage } from './stage.ts';
import type { StormTarget } from './targets.ts';

/** What the registry has acknowledged, and therefore owes. */
export interface Owed {
  /** By `keyOf`: the agent that must hear of it. */
  readonly deliveries: ReadonlyMap<string, string>;
  /** Likewise what it may hear of. */
  readonly possible: ReadonlySet<string>;
  /** Jobs that several wanted to end at once. */
  readonly contests: readonly Contest[];
  /** Events so far. */
  count(): number;
  /** Resolves when so many events have happened, or production has ended. */
  reaches(events: number): Promise<void>;
}

/** The name of a delivery that both sides know: of a job's event there is one for each that hears of it. */
export function keyOf(event: WebhookOf['event'], subject: string, agentId: string): string {
  return `${event} ${subject} ${agentId}`;
}

async function ping({ seller, options, owe }: Stage): Promise<void> {
  const { delivery_id } = await seller.client.testWebhook({}, options);
  owe('ping', delivery_id, seller);
}

async function haggleAndLeave(stage: Stage): Promise<void> {
  const { client, seller, options, owe } = stage;
  const job_id = await propose(stage);
  await seller.client.counterJob({ job_id, proposed_price: '9.00' }, options);
  owe('job.counter_received', job_id, client);
  await client.client.cancelJob({ job_id }, options);
  owe('job.cancelled', job_id, client, seller);
}

/** Money is held, and parted when the client gives up. */
async function startAndAbort(stage: Stage): Promise<void> {
  const { client, seller, options, owe } = stage;
  const job_id = await propose(stage);
  await seller.client.acceptJob({ job_id }, options);
  owe('job.accepted', job_id, client, seller);
  await client.client.fundJob({ job_id }, options);
  owe('job.funded', job_id, seller);
  await seller.client.startJob({ job_id }, options);
  owe('job.started', job_id, client);
  await client.client.abortJob({ job_id }, options);
  owe('job.cancelled', job_id, client, seller);
}

const STORIES = [
  ...[ping, ping, ping, haggleAndLeave, haggleAndLeave, startAndAbort],
  ...[settleAtOnce, settleOrBeDecided, settleOrRunOut],
];

/**
 * Makes events, as many as asked for or a few more, by so many callers at once between targets chosen at random. What is acknowledged is in
 * `owed` from the moment it is. `done` rejects when a call is refused.
 */
export function produce(
  targets: readonly StormTarget[],
  options: {
    events: number;
    callers: number;
    random: Random;
    operator: OperatorClient;
    signal: AbortSignal;
  },
): { owed: Owed; done: Promise<void> } {
  const { events, callers, random, operator, signal } = options;
  const possible = new Set<string>();
  const contests: Contest[] = [];
  const deliveries = new Map(
    targets.map(({ agentId, greetingId }) => [keyOf('ping', greetingId, agentId), agentId]),
  );
  const progress = createProgress();
  const owe: Stage['owe'] = (event, subject, ...hearers) => {
    for (const { agentId } of hearers) deliveries.set(keyOf(event, subject, agentId), agentId);
    progress.step();
  };
  const mayHear: Stage['mayHear'] = (event, subject, ...hearers) => {
    for (const { agentId } of hearers) possible.add(keyOf(event, subject, agentId));
  };
  const contest = (one: Contest) => void contests.push(one);
  const stage = { operator, options: { signal }, random, owe, mayHear, contest };
  const call = async (): Promise<void> => {
    while (progress.count() < events) {
      signal.throwIfAborted();
      const [client, seller] = random.draw(targets, 2);
      const story = STORIES[random.below(STORIES.length)]!;
      await story({ ...stage, client: client!, seller: seller! });
    }
  };
  const done = Promise.all(Array.from({ length: callers }, call)).then(() => undefined);
  const ended = done.catch(() => undefined);
  const reaches = (at: number) => Promise.race([progress.reaches(at), ended]);
  return { owed: { deliveries, possible, contests, count: progress.count, reaches }, done };
}
