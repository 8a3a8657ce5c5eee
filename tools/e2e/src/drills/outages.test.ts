// Four of the bad days of infra/runbooks, rehearsed on one local stack: what users see, that nothing is lost, and that the repair is enough.
import { generateKeyPair, register } from '@agent-registry/client';
import { signRequest } from '@agent-registry/signing';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { driveJob, suite, type TestAgent, type Town } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { heard, mustBecome, statusOf } from './testing/parts.ts';

jest.setTimeout(240_000);
const stack = useE2eStack();
let town: Town;
let seller: TestAgent;
let client: TestAgent;

beforeAll(async () => {
  town = await stack.openTown({ maxRetries: 0, timeoutMs: 30_000 });
  seller = await town.settle('seller');
  client = await town.settle('client');
  await client.client.depositCredits({ amount: '100.00' });
});

const isUp = (status: number, url: string) => async () => (await statusOf(url)) === status;

describe('cloud-sql-down: while Postgres is away', () => {
  test('while Postgres is away calls are 503, and the services stay up and recover by themselves', async () => {
    const jobId = await driveJob({ client, seller }, 'proposed');
    await mustBecome('the seller hears of the job', () =>
      heard(town, seller, jobId).includes('job.proposed'),
    );
    const pids = [stack.pid('api'), stack.pid('dispatcher')];

    await stack.stopService('postgres');
    await mustBecome('the api is not ready', isUp(503, `${stack.apiUrl}/ready`));
    expect(await statusOf(`${stack.apiUrl}/health`)).toBe(200);
    await expect(seller.client.acceptJob({ job_id: jobId })).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
    });

    await stack.startService('postgres');
    await mustBecome('the api is ready', isUp(200, `${stack.apiUrl}/ready`));
    expect([stack.pid('api'), stack.pid('dispatcher')]).toEqual(pids);
    expect(await seller.client.acceptJob({ job_id: jobId })).toMatchObject({ status: 'agreed' });
    await mustBecome('the client hears of it', () => heard(town, client, jobId).includes('job.accepted'));
  });
});

// Without a redis-server the stack always runs as it does in this outage.
const withRedis = process.env.TEST_REDIS_URL === undefined ? describe.skip : describe;
withRedis('redis-down: while Redis is away (skipped where there is no redis-server)', () => {
  test('while Redis is away signed calls are served, and none of them twice', async () => {
    const keys = generateKeyPair();
    const { agent } = await register({ baseUrl: stack.apiUrl }, { display_name: 'careful' }, keys);
    await stack.stopService('redis');
    const path = `/v1/agents/${agent.agent_id}/balance`;
    const headers = signRequest({
      agentId: agent.agent_id,
      privateKey: keys.privateKey,
      method: 'GET',
      path,
      body: new Uint8Array(),
      timestamp: new Date().toISOString(),
      nonce: '00112233445566778899aabbccddeeff',
    });
    const call = async () => (await fetch(`${stack.apiUrl}${path}`, { headers })).status;
    expect(await call()).toBe(200);
    expect(await call()).toBe(401);
    expect(await statusOf(`${stack.apiUrl}/ready`)).toBe(200);

    await stack.startService('redis');
    const redis = async () =>
      ((await (await fetch(`${stack.apiUrl}/ready`)).json()) as { checks: { redis: { state: string } } })
        .checks.redis.state;
    await mustBecome('the api uses Redis again', async () => (await redis()).startsWith('connected'));
    expect(await call()).toBe(401);
  });
});

describe('queue-stuck: while Cloud Tasks is away', () => {
  const waiting = async (): Promise<number> => {
    const { rows } = await (await stack.connect()).query('SELECT count(*)::int AS waiting FROM outbox');
    return (rows[0] as { waiting: number }).waiting;
  };

  test('while Cloud Tasks is away the api serves, the outbox keeps what is due, and the sweep creates it afterwards', async () => {
    const before = await waiting();
    await stack.stopService('emulator');
    const jobId = await driveJob({ client, seller }, 'proposed');
    expect(await waiting()).toBeGreaterThan(before);
    expect(heard(town, seller, jobId)).toEqual([]);

    await stack.startService('emulator');
    await mustBecome('the seller hears of the job', () =>
      heard(town, seller, jobId).includes('job.proposed'),
    );
  });
});

describe('test-runner-broken: while there is no test-runner', () => {
  const criteria = suite({
    test_id: 'answer',
    type: 'assertion',
    params: { expression: 'output.answer == 42' },
  });
  const inFlight = ['delivered', 'verifying'];

  test('while there is no test-runner a delivery neither passes nor fails, and it is verified once there is one', async () => {
    const terms = { acceptance_criteria: criteria };
    const jobId = await driveJob({ client, seller }, 'in_progress', terms);
    await stack.stopService('test-runner');
    await seller.client.deliverJob({ job_id: jobId, result: { answer: 42 } });
    const statusNow = async () => (await client.client.getJob({ job_id: jobId })).status;
    await mustBecome('the dispatcher has tried', () =>
      stack.logs('dispatcher').some(({ line }) => line.includes(jobId) || line.includes('verification-run')),
    );
    expect(inFlight).toContain(await statusNow());

    await stack.startService('test-runner');
    await mustBecome('the job is completed', async () => (await statusNow()) === 'completed');
  });
});
