import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startEmulator } from '@agent-registry/cloud-tasks-emulator';
import { taskKinds } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { createServer } from './server.ts';
import { openRegistry } from './testing/open-registry.ts';
import { type Machine, startRegistry, TASKS_ACCOUNT } from './testing/start-registry.ts';
import { until } from './testing/webhook-bench.ts';

const registry = await openRegistry();

function call(path: string, authorization: string | null, body = '{}', machine: Machine = registry.first) {
  return fetch(machine.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
    body,
  });
}

const bearer = async (claims: { audience?: string; email?: string } = {}) =>
  `Bearer ${await registry.token(claims)}`;

// That the verifier is there, and what of the configuration it is given; what else it refuses is told where it is tested.
const refused: [string, () => Promise<string | null>][] = [
  ['no token', async () => null],
  ['no JWT', async () => 'Bearer abc'],
  ['the audience of another service', () => bearer({ audience: 'https://another.example' })],
  ['another account', () => bearer({ email: 'stranger@test-project.iam.gserviceaccount.com' })],
  [
    'the platform’s mark, where the platform checks nothing',
    async () => {
      const [head, claims] = (await registry.token()).split('.');
      return `Bearer ${head}.${claims}.SIGNATURE_REMOVED_BY_GOOGLE`;
    },
  ],
  [
    'the right claims signed by another issuer’s key',
    async () => {
      const { clock } = registry;
      const other = await startEmulator({ dataDir: null, project: 'p', location: 'l', clock });
      const token = await other.mintToken({ audience: registry.first.url, email: TASKS_ACCOUNT });
      await other.stop();
      return `Bearer ${token}`;
    },
  ],
];

describe('every task route', () => {
  test.each(refused)(
    'every task route refuses %s with 401 problem+json, whatever the body',
    async (_name, authorization) => {
      const header = await authorization();
      for (const path of [...Object.values(taskKinds).map(({ path }) => path), '/internal/anything', '/']) {
        const response = await call(path, header, 'not even JSON');
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(await response.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
      }
    },
  );

  test('every task route refuses a token that has expired', async () => {
    const late = await startRegistry();
    try {
      const token = `Bearer ${await late.token()}`;
      expect((await call(taskKinds.sweep.path, token, '{}', late.first)).status).toBe(200);
      late.clock.advance(3_600_000 + 11_000);
      expect((await call(taskKinds.sweep.path, token, '{}', late.first)).status).toBe(401);
    } finally {
      await late[Symbol.asyncDispose]();
    }
  });

  test('every task route takes the tasks account’s token', async () => {
    expect((await call(taskKinds.sweep.path, await bearer())).status).toBe(200);
  });

  test('every task route refuses a body that does not fit the task, naming the fields', async () => {
    const response = await call(taskKinds.timer.path, await bearer(), '{"job_id":"x","timer":"lunch"}');
    expect(response.status).toBe(422);
    const problem = (await response.json()) as { errors: { path: string }[] };
    expect(problem.errors.map(({ path }) => path)).toEqual(['job_id', 'timer', 'generation']);
    expect((await call(taskKinds.timer.path, await bearer(), '{"job_id":')).status).toBe(400);
    expect((await call(taskKinds.timer.path, await bearer(), `"${'x'.repeat(600_000)}"`)).status).toBe(413);
    expect((await call('/internal/lunch', await bearer())).status).toBe(404);
  });

  test('every task route writes one line a task: queue, task, retries, ids and outcome, no secret and no payload', async () => {
    const { agentId } = await registry.newAgent('http://127.0.0.1:9/hook');
    const [spec] = await registry.event(agentId);
    await fetch(registry.first.url + spec!.path, {
      method: 'POST',
      headers: {
        authorization: await bearer(),
        'content-type': 'application/json',
        'x-cloudtasks-queuename': 'webhook-delivery',
        'x-cloudtasks-taskname': spec!.taskId,
        'x-cloudtasks-taskretrycount': '2',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
      body: JSON.stringify(spec!.body),
    });
    const line = registry.first.lines.find((entry) => entry.task === spec!.taskId);
    expect(line).toMatchObject({
      queue: 'webhook-delivery',
      task_retry: 2,
      delivery_id: spec!.body.delivery_id,
      cycle: 1,
      attempt: 1,
      phase: 'connect',
      outcome: 'connect',
      status: 502,
      'logging.googleapis.com/trace': expect.stringContaining('0af7651916cd43dd8448eb211c80319c'),
    });
    const text = JSON.stringify(registry.first.lines);
    expect(text).not.toContain(String(spec!.body.webhook_secret));
    expect(text).not.toContain('new_public_key');
  });
});

describe('health', () => {
  test('health needs no token, and says whether the database answers', async () => {
    expect((await fetch(`${registry.first.url}/health`)).status).toBe(200);
    const ready = await fetch(`${registry.first.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { database: { ready: true } } });
    const cut = await registry.start({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' } });
    expect((await fetch(`${cut.url}/ready`)).status).toBe(503);
    expect((await call(taskKinds.sweep.path, await bearer(), '{}', cut)).status).toBe(500);
  });
});

test('a webhook that finds no slot while the dispatcher stops is not begun, whatever is let go', async () => {
  const stop = new AbortController();
  const begun: (() => void)[] = [];
  const acquire = () =>
    new Promise<{ kind: 'busy'; retryAfterMs: number }>((resolve) => {
      begun.push(() => resolve({ kind: 'busy', retryAfterMs: 1 }));
    });
  const { context } = registry.first;
  const endpoints = { ...context.endpoints, acquire };
  const server = createServer({ ...context, endpoints, stopping: stop.signal }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { agentId } = await registry.newAgent('https://agent.example.com/hooks');
  const [spec] = await registry.event(agentId);
  const authorization = await bearer();
  const body = JSON.stringify(spec!.body);
  const deliver = () =>
    call(spec!.path, authorization, body, { ...registry.first, url: `http://127.0.0.1:${port}` });
  const held = Array.from({ length: 80 }, deliver);
  await until(() => begun.length === held.length);
  stop.abort();
  const refused = await deliver();
  expect([refused.status, await refused.json()]).toEqual([500, { outcome: 'not_begun' }]);
  for (const letGo of begun) letGo();
  await Promise.all(held);
  expect(begun).toHaveLength(held.length);
  server.close();
});
