import type { RegistryProblem, WebhookOf } from '@agent-registry/client';
import { waitUntil } from '@agent-registry/servers';
import { beforeEach, expect, test } from '@jest/globals';
import { script, suite, type TestAgent, type Town } from './testing/agents.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const testTimeoutMs = 60_000;
const stack = useE2eStack();
let town: Town;

beforeEach(async () => {
  town = await stack.openTown();
});

const terms = { max_budget: '20.00', seller_abort_penalty: '1.00' };

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

/** Waits until an event has come to the client's endpoint. */
async function mustHear(thief: TestAgent, event: WebhookOf['event']): Promise<void> {
  const isHeard = () => town.arrivals.some(({ to, webhook }) => to === thief && webhook.event === event);
  expect(await waitUntil(isHeard, { timeoutMs: testTimeoutMs / 2 })).toBe(true);
}

/** What the client is told on every route that speaks of the job, and every request that came to its endpoint. */
async function everythingAThiefCanSee(thief: TestAgent, job_id: string) {
  await mustHear(thief, 'job.verification_failed');
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
  await mustHear(thief, 'job.cancelled');
  return { thiefSees, heard: town.arrivals.filter(({ to }) => to === thief).map(({ text }) => text) };
}
