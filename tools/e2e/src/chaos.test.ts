import { type CallInput, criteriaHash } from '@agent-registry/client';
import { createDb, type Db } from '@agent-registry/db';
import { auditLedger } from '@agent-registry/operator';
import { waitUntil } from '@agent-registry/servers';
import { beforeAll, expect, test } from '@jest/globals';
import { killOnce } from './storm/kills.ts';
import { suite, type TestAgent, type Town } from './testing/agents.ts';
import { createProgress } from './testing/progress.ts';
import { useE2eStack } from './testing/use-stack.ts';

const jobCount = 50;
const pairs = 5;
const testTimeoutMs = 300_000;
const arrivalTimeoutMs = 120_000;
const stack = useE2eStack();
let town: Town;
let db: Db;

beforeAll(async () => {
  // Agents that do not give up while a part of the registry is away.
  town = await stack.openTown({ maxRetries: 40, timeoutMs: 30_000 });
  db = createDb({ url: stack.database.url('registry_owner'), poolMax: 2 });
  stack.defer(() => db.destroy());
});

const criteria = suite({
  test_id: 'answer',
  type: 'assertion',
  params: { expression: 'output.answer == 42' },
});

/** How a job goes, and what each party must hear of it. */
const stories = {
  passes: {
    end: 'completed',
    seller: ['job.proposed', 'job.accepted', 'job.funded', 'job.completed'],
    client: ['job.accepted', 'job.started', 'job.delivered', 'job.completed'],
  },
  'fails once': {
    end: 'completed',
    seller: ['job.proposed', 'job.accepted', 'job.funded', 'job.verification_failed', 'job.completed'],
    client: [
      'job.accepted',
      'job.started',
      'job.delivered',
      'job.verification_failed',
      'job.delivered',
      'job.completed',
    ],
  },
  'is decided by the client': {
    end: 'completed',
    seller: ['job.proposed', 'job.accepted', 'job.funded', 'job.completed'],
    client: ['job.accepted', 'job.started', 'job.delivered', 'job.completed'],
  },
  'is aborted': {
    end: 'cancelled',
    seller: ['job.proposed', 'job.accepted', 'job.funded', 'job.cancelled'],
    client: ['job.accepted', 'job.started', 'job.cancelled'],
  },
} as const;
type StoryName = keyof typeof stories;

interface Played {
  readonly jobId: string;
  readonly story: StoryName;
  readonly seller: TestAgent;
  readonly client: TestAgent;
}

async function playJob(
  [seller, client]: [TestAgent, TestAgent],
  story: StoryName,
  step: () => Promise<void>,
): Promise<Played> {
  const take = async <T>(call: Promise<T>): Promise<T> => {
    const answer = await call;
    await step();
    return answer;
  };
  const hasCriteria = story === 'passes' || story === 'fails once';
  const proposal: CallInput<'proposeJob'> = {
    seller_agent_id: seller.agentId,
    max_budget: '10.00',
    client_abort_penalty: '2.00',
    seller_abort_penalty: '1.00',
    ...(hasCriteria ? { acceptance_criteria: criteria } : {}),
  };
  const { job_id } = await take(client.client.proposeJob(proposal));
  const hash = hasCriteria ? { acceptance_criteria_hash: criteriaHash(criteria) } : {};
  await take(seller.client.acceptJob({ job_id, ...hash }));
  await take(client.client.fundJob({ job_id }));
  await take(seller.client.startJob({ job_id }));
  if (story === 'is aborted') {
    await take(client.client.abortJob({ job_id }));
    return { jobId: job_id, story, seller, client };
  }
  const answers = story === 'fails once' ? [41, 42] : [42];
  for (const answer of answers) {
    await take(seller.client.deliverJob({ job_id, result: { answer } }));
    if (hasCriteria) await take(awaitVerdict(client, job_id));
    else await take(client.client.completeJob({ job_id }));
  }
  return { jobId: job_id, story, seller, client };
}

async function awaitVerdict({ client }: TestAgent, job_id: string): Promise<void> {
  const deadline = performance.now() + testTimeoutMs;
  while (performance.now() < deadline) {
    const { verification } = await client.verifyJob({ job_id }, { waitSeconds: 5 });
    if (verification !== null) return;
  }
  throw new Error(`no verdict on ${job_id}`);
}

/** Stands for the minutes that pass until the lease of a worker that is no more has run out. */
async function letLeasesRunOut(takenBefore: Date): Promise<void> {
  await db
    .updateTable('verification_runs')
    .set({ lease_until: new Date() })
    .where('status', '=', 'running')
    .where('started_at', '<', takenBefore)
    .execute();
}

const KILLS = [
  { at: 80, part: 'dispatcher' },
  { at: 150, part: 'api' },
  { at: 220, part: 'postgres' },
] as const;
type Killed = (typeof KILLS)[number]['part'];

async function killAndAwait(part: Killed, onKill: () => void): Promise<void> {
  await stack.whenReady(part);
  onKill();
  const { atMs } = await killOnce(stack, part);
  await letLeasesRunOut(new Date(atMs));
}

test(
  'kill -9 of dispatcher, API and Postgres amid fifty jobs: all end, every event arrives, the ledger balances',
  async () => {
    const sides: [TestAgent, TestAgent][] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const both = [await town.settle(`seller-${pair}`), await town.settle(`client-${pair}`)] as const;
      for (const { client } of both) await client.depositCredits({ amount: '1000.00' });
      sides.push([...both]);
    }
    const progress = createProgress();
    const names = Object.keys(stories) as StoryName[];
    let ended = 0;
    // No job goes beyond where a kill belongs before that has come: so all come amid the jobs, however long a part takes to be back.
    const kills = KILLS.map((kill) => ({ ...kill, come: Promise.withResolvers<void>() }));
    const step = async (): Promise<void> => {
      progress.step();
      await Promise.all(kills.filter(({ at }) => progress.count() >= at).map(({ come }) => come.promise));
    };
    const jobs = Array.from({ length: jobCount }, async (_, index) => {
      const played = await playJob(sides[index % pairs]!, names[index % names.length]!, step);
      ended += 1;
      return played;
    });
    const everything = Promise.all(jobs);
    const endedAtKill: number[] = [];
    for (const { at, part, come } of kills) {
      await Promise.race([progress.reaches(at), everything]);
      endedAtKill.push(ended);
      await killAndAwait(part, come.resolve);
    }
    const played = await everything;
    expect(Math.max(...endedAtKill)).toBeLessThan(jobCount);

    for (const { jobId, story, client } of played) {
      const job = await client.client.getJob({ job_id: jobId });
      expect([story, job.status]).toEqual([story, stories[story].end]);
    }
    const missing = () => played.flatMap(missingEvents);
    await waitUntil(async () => missing().length === 0, { timeoutMs: arrivalTimeoutMs });
    expect(missing()).toEqual([]);
    expect(town.refused).toEqual([]);
    await expectNothingUnaccountedFor(sides.flat());
    const { faults, counts } = await auditLedger(stack.database.url('registry_owner'));
    expect(faults).toEqual([]);
    expect(counts.held).toBe(0n);
    expect(counts.agents + counts.fees).toBe(counts.minted);
  },
  testTimeoutMs,
);

/** What a party of a job should have heard and has not; a repeated delivery counts once. */
function missingEvents({ jobId, story, seller, client }: Played): string[] {
  return (
    [
      ['seller', seller],
      ['client', client],
    ] as const
  ).flatMap(([role, agent]) => {
    const heard = town.arrivals.filter(({ to, webhook }) => to === agent && webhook.job_id === jobId);
    const events = [...new Map(heard.map(({ deliveryId, webhook }) => [deliveryId, webhook.event])).values()];
    return stories[story][role]
      .filter((event) => !take(events, event))
      .map((event) => `${story}: ${event} of ${jobId} to ${agent.name}`);
  });
}

function take<T>(from: T[], one: T): boolean {
  const index = from.indexOf(one);
  if (index >= 0) from.splice(index, 1);
  return index >= 0;
}

/** Every delivery in the registry's own books came in here, too. */
async function expectNothingUnaccountedFor(agents: readonly TestAgent[]): Promise<void> {
  const came = new Set(town.arrivals.map(({ deliveryId }) => deliveryId));
  const rows = await db.selectFrom('webhook_deliveries').select(['delivery_id', 'agent_id']).execute();
  const ours = new Set(agents.map(({ agentId }) => agentId));
  expect(rows.filter((row) => ours.has(row.agent_id) && !came.has(row.delivery_id))).toEqual([]);
}
