// Two apis and two dispatchers on one database and one Redis, as a deployment has them behind one address.
import { type AgentEvent, type Connection, createAgentClient, register } from '@agent-registry/client';
import { auditLedger } from '@agent-registry/operator';
import { waitUntil } from '@agent-registry/servers';
import { beforeAll, expect, test } from '@jest/globals';
import { script, suite, type TestAgent, type Town } from './testing/agents.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const TEST_TIMEOUT_MS = 120_000;
/** Refilled once a minute, so that hardly any comes back while a test runs. */
const DISCOVERIES = 12;
const stack = useE2eStack(
  { RATE_LIMIT_DISCOVERY_CAPACITY: String(DISCOVERIES), RATE_LIMIT_DISCOVERY_REFILL_PER_MIN: '1' },
  { instances: 2 },
);
let town: Town;
let turn = 0;

/** An agent's way to the registry, which meets the next instance with every request. */
const inTurn = (): Connection => ({
  baseUrl: stack.apiUrl,
  maxRetries: 0,
  fetch: (address, init) => send(turn++ % 2, address as string, init),
});

const send = (instance: number, address: string, init?: RequestInit): Promise<Response> =>
  fetch(address.replace(stack.apiUrl, stack.instanceUrls.api[instance]!), init);

beforeAll(async () => {
  town = await stack.openTown(inTurn());
});

const join = (display_name: string) => register(inTurn(), { display_name, hosting_mode: 'client_only' });

test(
  'a request that reaches two instances at once is accepted by one of them alone',
  async () => {
    const { agent, keys } = await join('Twice');
    const statuses: number[][] = [];
    const client = createAgentClient({
      ...inTurn(),
      agentId: agent.agent_id,
      privateKey: keys.privateKey,
      fetch: async (address, init) => {
        const answers = await Promise.all([0, 1].map((one) => send(one, address as string, init)));
        statuses.push(answers.map(({ status }) => status).toSorted((a, b) => a - b));
        return answers.find(({ ok }) => ok) ?? answers[0]!;
      },
    });
    for (let n = 0; n < 10; n += 1) await client.getBalance();
    for (let n = 0; n < 10; n += 1) await client.depositCredits({ amount: '1.00' });
    expect(statuses).toEqual(Array.from({ length: 20 }, () => [200, 401]));
    const again = await createAgentClient({
      ...inTurn(),
      agentId: agent.agent_id,
      privateKey: keys.privateKey,
    }).getBalance();
    expect(again.balance).toBe('10.00');
  },
  TEST_TIMEOUT_MS,
);

test(
  'a POST that is sent to two instances under one idempotency key happens once',
  async () => {
    const seller = await join('Asked once');
    const { client } = await join('Asks twice');
    const terms = { seller_agent_id: seller.agent.agent_id, max_budget: '1.00' };
    const jobs = await Promise.allSettled(
      Array.from({ length: 6 }, () => client.proposeJob(terms, { idempotencyKey: 'one' })),
    );
    // What meets the first while that is under way may be told to come again.
    const ids = jobs.flatMap((job) => (job.status === 'fulfilled' ? [job.value.job_id] : []));
    expect(new Set(ids).size).toBe(1);
    expect((await client.listJobs({})).items.map(({ job_id }) => job_id)).toEqual([ids[0]]);
  },
  TEST_TIMEOUT_MS,
);

test(
  'a rate limit counts what an agent asks of any instance',
  async () => {
    const { client } = await join('Asks a lot');
    const asked = await Promise.allSettled(
      Array.from({ length: DISCOVERIES * 2 }, () => client.discover({ q: 'nothing' })),
    );
    const answered = asked.filter(({ status }) => status === 'fulfilled').length;
    expect(answered).toBeGreaterThanOrEqual(DISCOVERIES);
    expect(answered).toBeLessThanOrEqual(DISCOVERIES + 1);
  },
  TEST_TIMEOUT_MS,
);

/** Follows an agent's feed at one instance from its beginning until it has as many events. */
async function follow(instance: number, agent: Awaited<ReturnType<typeof join>>, count: number) {
  const client = createAgentClient({
    ...inTurn(),
    agentId: agent.agent.agent_id,
    privateKey: agent.keys.privateKey,
    fetch: (address, init) => send(instance, address as string, init),
  });
  const seen: AgentEvent[] = [];
  for await (const event of client.events()) {
    seen.push(event);
    if (seen.length === count) break;
  }
  return seen.map(({ event_id, cursor }) => ({ event_id, cursor }));
}

test(
  'an agent’s feed has every event once and in one order, whichever instance wrote it and whichever is asked',
  async () => {
    const seller = await join('Followed');
    const writers = await Promise.all(['A', 'B', 'C', 'D'].map((name) => join(`Writer ${name}`)));
    const count = writers.length * 10;
    const reading = Promise.all([follow(0, seller, count), follow(1, seller, count)]);
    await Promise.all(
      writers.map(async ({ client }) => {
        for (let n = 0; n < count / writers.length; n += 1)
          await client.proposeJob({ seller_agent_id: seller.agent.agent_id, max_budget: '1.00' });
      }),
    );
    const [first, second] = await reading;
    expect(first).toEqual(second);
    expect(new Set(first.map(({ event_id }) => event_id)).size).toBe(count);
  },
  TEST_TIMEOUT_MS,
);

const PASSES = suite(script('exit(0)'));

/** A job from its proposal to the verdict, each request at the next instance. */
async function work(client: TestAgent, seller: TestAgent): Promise<void> {
  const terms = { max_budget: '2.00', acceptance_criteria: PASSES, result: { done: true } };
  const job_id = await driveJob({ client, seller }, 'delivered', terms);
  const { job } = await client.client.verifyJob({ job_id });
  expect(job.status).toBe('completed');
}

test(
  'jobs that two apis and two dispatchers share are verified and paid once, and each webhook comes once',
  async () => {
    const [client, seller] = await Promise.all([town.settle('client'), town.settle('seller')]);
    await client.client.depositCredits({ amount: '20.00' });
    const jobs = 8;
    await Promise.all(Array.from({ length: jobs }, () => work(client, seller)));

    expect(await client.client.getBalance()).toMatchObject({ balance: '4.00', held_in_escrow: '0.00' });
    expect(await seller.client.getBalance()).toMatchObject({ balance: '15.60', held_in_bonds: '0.00' });
    const { faults } = await auditLedger(stack.database.url('registry_owner'));
    expect(faults).toEqual([]);

    const completed = () => town.arrivals.filter(({ webhook }) => webhook.event === 'job.completed');
    expect(await waitUntil(() => completed().length >= jobs * 2, { timeoutMs: 30_000 })).toBe(true);
    const deliveries = town.arrivals.map(({ deliveryId }) => deliveryId);
    expect(new Set(deliveries).size).toBe(deliveries.length);
    const workedOn = (service: string) =>
      stack.logs(service).filter(({ line }) => line.includes('/internal/webhook-dispatch'));
    for (const service of ['dispatcher', 'dispatcher-2']) expect(workedOn(service)).not.toEqual([]);
  },
  TEST_TIMEOUT_MS,
);
