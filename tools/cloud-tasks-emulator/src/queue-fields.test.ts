import { credentials, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import { loadService } from './grpc-service.ts';
import {
  afterTest,
  createDataDir,
  createTask,
  PARENT,
  QUEUE,
  refuses,
  respond,
  startPausedEmulator,
  startTarget,
  startTestEmulator,
} from './testing/harness.ts';

type Message = Record<string, unknown>;

/** Calls as newer clients do, whose protos have http_target and the task's retry_config. */
const startNewer = async (options: Parameters<typeof startTestEmulator>[0] = {}) => {
  const { emulator, client } = await startTestEmulator(options);
  const Newer = makeGenericClientConstructor(loadService(), 'CloudTasks');
  const stub = new Newer(`127.0.0.1:${emulator.port}`, credentials.createInsecure());
  afterTest(() => stub.close());
  const call = (method: string, request: Message): Promise<Message> =>
    new Promise((resolve, reject) => {
      const send = stub[method] as (
        request: Message,
        done: (error: Error | null, answer: Message) => void,
      ) => void;
      send.call(stub, request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
  return { emulator, client, call };
};

const routing = { service: 'worker', version: 'v2' };
const httpTarget = {
  uriOverride: { scheme: 'HTTP', host: '127.0.0.1', port: 8099, pathOverride: { path: '/all' } },
  httpMethod: 'PUT',
  headerOverrides: [{ header: { key: 'X-Kind', value: 'queue' } }],
  oidcToken: { serviceAccountEmail: 'queue@example.com', audience: 'https://queue.example' },
};
const everything = {
  appEngineRoutingOverride: routing,
  stackdriverLoggingConfig: { samplingRatio: 0.25 },
  httpTarget,
};

describe('what a queue has beside its limits', () => {
  test('a queue keeps its App Engine routing, logging and HTTP target, also over a restart', async () => {
    const dataDir = createDataDir();
    const first = await startNewer({ dataDir });
    const created = await first.call('CreateQueue', {
      parent: PARENT,
      queue: { name: `${PARENT}/queues/full`, ...everything },
    });
    expect(created).toMatchObject(everything);
    await first.emulator.stop();
    const second = await startNewer({ dataDir });
    expect(await second.call('GetQueue', { name: `${PARENT}/queues/full` })).toMatchObject(everything);
  });

  test('the real client sees the fields that its protos know', async () => {
    const { client } = await startTestEmulator();
    const { appEngineRoutingOverride, stackdriverLoggingConfig } = everything;
    const name = `${PARENT}/queues/routed`;
    await client.createQueue({
      parent: PARENT,
      queue: { name, appEngineRoutingOverride, stackdriverLoggingConfig },
    });
    const [queue] = await client.getQueue({ name });
    expect(queue).toMatchObject({ appEngineRoutingOverride, stackdriverLoggingConfig });
  });

  test('a mask changes one field of an HTTP target, and removes the whole target when there is none to take', async () => {
    const { call } = await startNewer();
    const update = (queue: Message, ...paths: string[]) =>
      call('UpdateQueue', { queue: { name: QUEUE, ...queue }, updateMask: { paths } });
    await update({ httpTarget }, 'http_target');
    const changed = await update(
      { httpTarget: { uriOverride: { port: 9 } } },
      'http_target.uri_override.port',
    );
    const { uriOverride } = httpTarget;
    expect(changed.httpTarget).toMatchObject({ ...httpTarget, uriOverride: { ...uriOverride, port: 9 } });
    expect((await update({}, 'httpTarget')).httpTarget ?? null).toBeNull();
    await refuses(update({}, 'http_target.nonsense'), status.INVALID_ARGUMENT);
  });

  test.each([
    ['a sampling ratio above 1', { stackdriverLoggingConfig: { samplingRatio: 1.5 } }],
    ['a host with a path', { httpTarget: { uriOverride: { host: 'localhost/x' } } }],
    ['an empty host', { httpTarget: { uriOverride: { host: '' } } }],
    ['a port beyond 65535', { httpTarget: { uriOverride: { port: 65_536 } } }],
    [
      'a header that HTTP forbids',
      { httpTarget: { headerOverrides: [{ header: { key: 'a b', value: '' } }] } },
    ],
    ['a token without an audience', { httpTarget: { oidcToken: { serviceAccountEmail: 'a@b.example' } } }],
    ['a host that is not this machine', { httpTarget: { uriOverride: { host: 'example.com' } } }],
  ])('a queue with %s is refused and stays as it was', async (_what, settings) => {
    const { call } = await startNewer();
    const before = await call('GetQueue', { name: QUEUE });
    await refuses(call('UpdateQueue', { queue: { name: QUEUE, ...settings } }), status.INVALID_ARGUMENT);
    expect(await call('GetQueue', { name: QUEUE })).toEqual(before);
  });

  test('an OAuth token of a queue is not emulated and says so', async () => {
    const { call } = await startNewer();
    const oauthToken = { serviceAccountEmail: 'a@b.example', scope: 's' };
    const update = call('UpdateQueue', { queue: { name: QUEUE, httpTarget: { oauthToken } } });
    await refuses(update, status.UNIMPLEMENTED);
  });
});

describe('a queue with an HTTP target', () => {
  test('a queue with an HTTP target sends its tasks where the queue says, with the method, headers and token of the queue', async () => {
    const target = await startTarget();
    const { call, client, emulator } = await startNewer();
    const { port } = new URL(target.url);
    const uriOverride = {
      ...httpTarget.uriOverride,
      port: Number(port),
      queryOverride: { queryParams: 'a=1' },
    };
    await call('UpdateQueue', { queue: { name: QUEUE, httpTarget: { ...httpTarget, uriOverride } } });
    await createTask(client, 'https://placeholder.example/own?b=2', {
      httpRequest: { headers: { 'x-kind': 'task', 'X-Own': 'yes' }, body: Buffer.from('x') },
    });
    await emulator.idle();
    const [{ method, path, headers } = {}] = target.requests;
    expect({ method, path }).toEqual({ method: 'PUT', path: '/all?a=1' });
    expect(headers).toMatchObject({ 'x-kind': 'queue', 'x-own': 'yes' });
    const [, claims = ''] = headers?.authorization?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: 'https://queue.example',
      email: 'queue@example.com',
    });
  });

  test('a queue’s HTTP target leaves what a task has alone in the mode IF_NOT_EXISTS, and sends no body with GET', async () => {
    const target = await startTarget();
    const { call, client, emulator } = await startNewer();
    const uriOverride = {
      host: 'localhost',
      port: 1,
      pathOverride: { path: '/queue' },
      queryOverride: { queryParams: 'a=1' },
      uriOverrideEnforceMode: 'IF_NOT_EXISTS',
    };
    await call('UpdateQueue', { queue: { name: QUEUE, httpTarget: { uriOverride, httpMethod: 'GET' } } });
    await createTask(client, `${new URL(target.url).origin}/own`, {
      httpRequest: { body: Buffer.from('x') },
    });
    await emulator.idle();
    const [{ method, path, body } = {}] = target.requests;
    expect({ method, path, body: String(body) }).toEqual({ method: 'GET', path: '/own?a=1', body: '' });
  });
});

describe("a task's own retries", () => {
  test("a task's own retries stand in place of its queue's, are shown, and outlive a restart", async () => {
    const dataDir = createDataDir();
    const { call, emulator } = await startNewer({ dataDir });
    await call('PauseQueue', { name: QUEUE });
    const name = `${QUEUE}/tasks/stubborn`;
    const retryConfig = { maxAttempts: 2, minBackoff: { seconds: 3 } };
    const task = { name, httpRequest: { url: 'http://127.0.0.1:9/' }, retryConfig };
    expect(await call('CreateTask', { parent: QUEUE, task })).toMatchObject({ retryConfig });
    await emulator.stop();
    const restarted = await startNewer({ dataDir });
    expect(await restarted.call('GetTask', { name })).toMatchObject({ retryConfig });
  });

  test('a task’s own retries end it after its own last attempt, though its queue would go on', async () => {
    const target = await startTarget(respond(500));
    const { call, emulator } = await startNewer();
    const task = { httpRequest: { url: target.url }, retryConfig: { maxAttempts: 1 } };
    await call('CreateTask', { parent: QUEUE, task });
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, exhausted: 1 });
  });

  test('a task’s own retries out of bounds are refused', async () => {
    const { call } = await startNewer();
    const task = { httpRequest: { url: 'http://127.0.0.1:9/' }, retryConfig: { maxAttempts: -2 } };
    await refuses(call('CreateTask', { parent: QUEUE, task }), status.INVALID_ARGUMENT);
  });
});

test("a task's create time has whole seconds, as Cloud Tasks truncates it", async () => {
  const clock = createManualClock(new Date('2026-01-01T00:00:00.789Z'));
  const { client } = await startPausedEmulator({ clock });
  const created = await createTask(client, 'http://127.0.0.1:9/', {});
  expect(created.createTime).toEqual({ seconds: '1767225600', nanos: 0 });
});
