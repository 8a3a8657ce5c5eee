import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Emulator, startEmulator } from '@agent-registry/cloud-tasks-emulator';
import type { TaskSpec } from '@agent-registry/schemas';
import { systemClock } from '@agent-registry/service-kit';
import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import { createTasks } from './create-tasks.ts';
import { createIdTokenSource } from './id-token-source.ts';
import { createOidcVerifier, type OidcConfig } from './oidc-verifier.ts';
import { createTasksClient, type TasksClient } from './tasks-client.ts';

const serviceAccount = 'tasks@example.iam.gserviceaccount.com';
const place = { project: 'agent-registry', location: 'us-west1' };

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

const received: Received[] = [];
const dispatcher = createServer((req, res) => {
  void text(req).then((body) => {
    received.push({ method: req.method, url: req.url, headers: req.headers, body });
    res.end();
  });
});
let dispatcherUrl = '';
let emulator: Emulator;
let client: TasksClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => void dispatcher.listen(0, '127.0.0.1', resolve));
  dispatcherUrl = `http://127.0.0.1:${(dispatcher.address() as AddressInfo).port}`;
  const queues = { 'webhook-delivery': {}, verification: {}, 'job-deadline': {} };
  emulator = await startEmulator({ ...place, dataDir: null, queues });
  const apiEndpoint = `127.0.0.1:${emulator.port}`;
  client = createTasksClient({ ...place, apiEndpoint, serviceAccount, dispatcherUrl });
});
afterAll(async () => {
  await client.close();
  await emulator.stop();
  dispatcher.closeAllConnections();
  dispatcher.close();
});
beforeEach(() => {
  received.length = 0;
});

let serial = 0;
const spec = (change: Partial<TaskSpec> = {}): TaskSpec => ({
  queue: 'webhook-delivery',
  taskId: (++serial).toString(16).padStart(32, '0'),
  path: '/internal/webhook-dispatch',
  body: { delivery_id: 'd-1', text: 'größer' },
  scheduleAt: null,
  ...change,
});
const verifier = (change: Partial<OidcConfig> = {}) =>
  createOidcVerifier({
    issuer: emulator.issuer,
    jwksUrl: emulator.jwksUrl,
    audience: dispatcherUrl,
    allowedEmails: [serviceAccount],
    signature: 'verify',
    clock: systemClock,
    ...change,
  });

test('a task calls the dispatcher with its body, its name, the trace and a token for the dispatcher', async () => {
  const task = spec();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const result = await createTasks(client, [task], { timeoutMs: 5_000, traceparent });
  expect(result).toEqual({ created: 1, existing: 0, failed: [] });
  await emulator.idle();
  expect(received).toMatchObject([
    { method: 'POST', url: '/internal/webhook-dispatch', body: JSON.stringify(task.body) },
  ]);
  const headers = received[0]?.headers ?? {};
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-cloudtasks-taskname': task.taskId,
    'x-cloudtasks-queuename': 'webhook-delivery',
    traceparent,
  });
  expect(await verifier().verify(headers.authorization)).toMatchObject({ email: serviceAccount });
});

test('the same task created twice is one call', async () => {
  const task = spec();
  const both = await Promise.all([1, 2].map(() => createTasks(client, [task], { timeoutMs: 5_000 })));
  expect(both.map(({ created, existing }) => created + existing)).toEqual([1, 1]);
  expect(both.map(({ created }) => created).toSorted((a, b) => a - b)).toEqual([0, 1]);
  await emulator.idle();
  expect(await createTasks(client, [task], { timeoutMs: 5_000 })).toMatchObject({ existing: 1 });
  expect(received.length).toBe(1);
});

/** A task as the server holds it. */
const readTask = async ({ queue, taskId }: TaskSpec) => {
  const cloud = new CloudTasksClient({
    projectId: place.project,
    apiEndpoint: '127.0.0.1',
    port: emulator.port,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
  const name = cloud.taskPath(place.project, place.location, queue, taskId);
  const [task] = await cloud.getTask({ name, responseView: 'FULL' });
  await cloud.close();
  return task;
};

test.each([
  ['webhook-delivery', 30],
  ['verification', 420],
  ['job-deadline', 30],
] as const)(
  'a task of %s for later waits for its time, and its call may take %i s',
  async (queue, seconds) => {
    const scheduleAt = new Date(systemClock.now().getTime() + 3_600_000);
    const task = spec({ queue, scheduleAt });
    await createTasks(client, [task], { timeoutMs: 5_000 });
    await emulator.idle();
    expect(received.length).toBe(0);
    const held = await readTask(task);
    expect(Number(held.dispatchDeadline?.seconds)).toBe(seconds);
    const { seconds: due, nanos } = held.scheduleTime ?? {};
    expect(Number(due) * 1_000 + Number(nanos) / 1_000_000).toBe(scheduleAt.getTime());
    expect(held.httpRequest?.oidcToken).toMatchObject({
      serviceAccountEmail: serviceAccount,
      audience: dispatcherUrl,
    });
  },
);

test('two hundred tasks at once all arrive', async () => {
  const batch = Array.from({ length: 200 }, () => spec());
  expect(await createTasks(client, batch, { timeoutMs: 10_000 })).toMatchObject({ created: 200, failed: [] });
  await emulator.idle();
  expect(new Set(received.map(({ headers }) => headers['x-cloudtasks-taskname'])).size).toBe(200);
});

test('the emulator issues our own tokens, which a service accepts from that account alone', async () => {
  const email = 'dispatcher@example.iam.gserviceaccount.com';
  const tokenUrl = `${emulator.httpUrl}/token`;
  const token = await createIdTokenSource({ kind: 'emulator', tokenUrl, email, clock: systemClock })(
    dispatcherUrl,
  );
  expect(await verifier({ allowedEmails: [email] }).verify(`Bearer ${token}`)).toMatchObject({ email });
  await expect(verifier().verify(`Bearer ${token}`)).rejects.toThrow('unauthenticated');
});
