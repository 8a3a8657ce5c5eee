import { RegistryProblem } from '@agent-registry/client';
import { auditLedger } from '@agent-registry/operator';
import { waitUntil } from '@agent-registry/servers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openTown, script, suite, type TestAgent, type Town } from './testing/agents.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const testTimeoutMs = 60_000;
const stack = useE2eStack();
let town: Town;

beforeEach(async () => {
  town = await openTown({ baseUrl: stack.apiUrl });
});
afterEach(() => town.close());

const terms = { max_budget: '20.00', seller_abort_penalty: '1.00' };

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'funded';
  } catch (error) {
    return error instanceof RegistryProblem ? error.code : String(error);
  }
}

test(
  'two hundred concurrent fund calls on ten jobs of a client who can pay for five fund five, and overdraw nobody',
  async () => {
    const seller = await town.settle('fund-seller');
    const client = await town.settle('fund-client');
    await seller.client.depositCredits({ amount: '10.00' });
    await client.client.depositCredits({ amount: '100.00' });
    const jobIds = await Promise.all(
      Array.from({ length: 10 }, () => driveJob({ client, seller }, 'agreed', terms)),
    );

    const calls = jobIds.flatMap((job_id) => Array.from({ length: 20 }, () => job_id));
    const outcomes = await Promise.all(calls.map((job_id) => outcomeOf(client.client.fundJob({ job_id }))));

    expect(outcomes.filter((outcome) => outcome === 'funded')).toHaveLength(5);
    expect(new Set(outcomes)).toEqual(new Set(['funded', 'invalid_state', 'insufficient_funds']));
    const { items } = await client.client.listJobs({ limit: 100 });
    expect(items.filter(({ status }) => status === 'funded')).toHaveLength(5);
    expect(items.filter(({ status }) => status === 'agreed')).toHaveLength(5);
    expect(await client.client.getBalance()).toMatchObject({ balance: '0.00', held_in_escrow: '100.00' });
    expect(await seller.client.getBalance()).toMatchObject({ balance: '5.00', held_in_bonds: '5.00' });
    const { faults } = await auditLedger(stack.database.url('registry_owner'));
    expect(faults).toEqual([]);
  },
  testTimeoutMs,
);

// In pieces, so that no log of the proposal itself could contain it.
const treasure = ['the', 'deliverable', 'in', 'person'].join('-');
/** Every way a script has to say something: its output, what it throws, its exit code. */
const thieves = {
  'prints and exits 1': 'print(JSON.stringify(deliverable)); exit(1);',
  'writes to stderr and throws it':
    'console.error(deliverable); throw new Error(JSON.stringify(deliverable));',
  'rejects with it': 'await Promise.reject(deliverable.text);',
};

test.each(Object.entries(thieves))(
  'a client whose acceptance script %s gets none of the deliverable by any route, event or log',
  async (_name, source) => {
    const seller = await town.settle('robbed');
    const thief = await town.settle('thief');
    await seller.client.depositCredits({ amount: '10.00' });
    await thief.client.depositCredits({ amount: '20.00' });
    const delivery = { ...terms, acceptance_criteria: suite(script(source)), result: { text: treasure } };
    const job_id = await driveJob({ client: thief, seller }, 'delivered', delivery);
    const verified = await thief.client.verifyJob({ job_id });
    expect([verified.verification?.verdict, verified.job.status]).toEqual(['fail', 'in_progress']);

    // The script did get hold of it: the seller is shown what it wrote.
    expect(JSON.stringify(await seller.client.listVerifications({ job_id }))).toContain(treasure);

    const { thiefSees, heard } = await everythingAThiefCanSee(thief, job_id);
    expect(thiefSees.length).toBeGreaterThan(8);
    for (const seen of [verified, ...thiefSees]) expect(JSON.stringify(seen)).not.toContain(treasure);
    for (const text of heard) expect(text).not.toContain(treasure);
    expect(verified.verification?.results).toEqual([{ test_id: 'script', type: 'script', passed: false }]);
    expect(stack.lines.length).toBeGreaterThan(10);
    expect(stack.lines.filter((line) => line.includes(treasure))).toEqual([]);
  },
  testTimeoutMs,
);

/** What the client is told on every route that speaks of the job, and every request that came to its endpoint. */
async function everythingAThiefCanSee(thief: TestAgent, job_id: string) {
  await waitUntil(
    async () =>
      town.arrivals.some(({ to, webhook }) => to === thief && webhook.event === 'job.verification_failed'),
    { timeoutMs: testTimeoutMs / 2 },
  );
  const { client } = thief;
  const refusal = ({ message, detail, errors }: RegistryProblem) => ({ message, detail, errors });
  const thiefSees = await Promise.all([
    client.getJob({ job_id }),
    client.listJobs({ limit: 100 }),
    client.verifyJob({ job_id }, { waitSeconds: 0 }),
    client.listVerifications({ job_id }),
    client.listJobEvents({ job_id, limit: 100 }),
    client.listJobReviews({ job_id }),
    client.listWebhooks({ limit: 100 }),
    client.listTransactions({ limit: 100 }),
    client.completeJob({ job_id }).catch(refusal),
    client.failJob({ job_id }).catch(refusal),
    client.disputeJob({ job_id }).catch(refusal),
    client.abortJob({ job_id }), // It has been given back to the seller, so the client may leave.
    client.getJob({ job_id }),
  ]);
  await waitUntil(
    async () => town.arrivals.some(({ to, webhook }) => to === thief && webhook.event === 'job.cancelled'),
    { timeoutMs: testTimeoutMs / 2 },
  );
  return { thiefSees, heard: town.arrivals.filter(({ to }) => to === thief).map(({ text }) => text) };
}
