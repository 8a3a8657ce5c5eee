import { status } from '@grpc/grpc-js';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import {
  afterFile,
  createTask,
  PARENT,
  QUEUE,
  refuses,
  startPausedEmulator,
  startTarget,
  startTestEmulator,
} from './testing/harness.ts';

const START = new Date('2026-01-01T00:00:00Z');
const startSeconds = START.getTime() / 1000;
const HOUR_MS = 3_600_000;
const name = `${QUEUE}/tasks/only-once`;
/** Nothing listens there; the tests that use it never get as far. */
const NOWHERE = 'http://127.0.0.1:9/';

describe('named tasks', () => {
  test('a living task refuses a second of its name', async () => {
    const { client } = await startPausedEmulator();
    await createTask(client, NOWHERE, { name });
    await refuses(createTask(client, NOWHERE, { name }), status.ALREADY_EXISTS);
  });

  test('the name of a completed task is refused for an hour, then it is free', async () => {
    const clock = createManualClock(START);
    const target = await startTarget();
    const { client, emulator } = await startTestEmulator({ clock });
    await createTask(client, target.url, { name });
    await emulator.idle();
    expect(target.requests).toHaveLength(1);
    clock.advance(HOUR_MS - 1);
    await refuses(createTask(client, target.url, { name }), status.ALREADY_EXISTS);
    clock.advance(1);
    await createTask(client, target.url, { name });
    await emulator.idle();
    expect(target.requests).toHaveLength(2);
  });

  test('a deleted task refuses its name too, and is gone', async () => {
    const { client } = await startPausedEmulator();
    await createTask(client, NOWHERE, { name });
    await client.deleteTask({ name });
    await refuses(client.getTask({ name }), status.NOT_FOUND);
    await refuses(client.deleteTask({ name }), status.NOT_FOUND);
    await refuses(createTask(client, NOWHERE, { name }), status.ALREADY_EXISTS);
  });

  test('a task without a name gets one of its own', async () => {
    const { client } = await startPausedEmulator();
    const names = [await createTask(client, NOWHERE), await createTask(client, NOWHERE)].map(
      (task) => task.name,
    );
    expect(new Set(names).size).toBe(2);
    for (const made of names) expect(made).toMatch(/\/tasks\/\d+$/);
  });
});

describe('what a task shows', () => {
  test('a task shows its body in the full view alone', async () => {
    const { client } = await startPausedEmulator();
    const body = Buffer.from('{"n":1}');
    const created = await createTask(client, NOWHERE, {
      name,
      httpRequest: { body, headers: { 'X-Mine': 'yes' } },
    });
    expect(created.httpRequest).toMatchObject({
      url: NOWHERE,
      httpMethod: 'POST',
      headers: { 'X-Mine': 'yes' },
    });
    expect(created.httpRequest?.body).toHaveLength(0);
    const [full] = await client.getTask({ name, responseView: 'FULL' });
    expect(Buffer.from(full.httpRequest?.body as Uint8Array)).toEqual(body);
  });

  test('a task shows its schedule, deadline and counts', async () => {
    const clock = createManualClock(START);
    const { client } = await startTestEmulator({ clock });
    const created = await createTask(client, NOWHERE, {
      scheduleTime: { seconds: startSeconds + 60, nanos: 500_000_000 },
    });
    expect(created).toMatchObject({
      scheduleTime: { seconds: String(startSeconds + 60), nanos: 500_000_000 },
      createTime: { seconds: String(startSeconds) },
      dispatchDeadline: { seconds: '600' },
      dispatchCount: 0,
    });
    const past = await createTask(client, NOWHERE, {
      scheduleTime: { seconds: 1 },
      dispatchDeadline: { seconds: 15 },
    });
    expect(past.scheduleTime?.seconds).toBe(String(startSeconds));
  });

  test('lists show every task once, in order of creation', async () => {
    const { client } = await startPausedEmulator();
    const names = ['e', 'd', 'c', 'b', 'a'].map((id) => `${QUEUE}/tasks/${id}`);
    for (const each of names) await createTask(client, NOWHERE, { name: each });
    const listed: unknown[] = [];
    for await (const task of client.listTasksAsync({ parent: QUEUE, pageSize: 2 }, { autoPaginate: false }))
      listed.push(task.name);
    expect(listed).toEqual(names);
  });
});

describe('bad input is INVALID_ARGUMENT and leaves the emulator well', () => {
  const MIB = 1_048_576;
  let hostile: Awaited<ReturnType<typeof startTestEmulator>>;
  beforeAll(async () => {
    hostile = await startPausedEmulator({ clock: createManualClock(START) }, afterFile);
  });
  const invalid = async (more: Parameters<typeof createTask>[2], url = NOWHERE) => {
    const { client, emulator } = hostile;
    const before = emulator.state().queues[0]?.depth ?? 0;
    await refuses(createTask(client, url, more), status.INVALID_ARGUMENT);
    expect(emulator.state().queues[0]?.depth).toBe(before);
    await expect(createTask(client, NOWHERE)).resolves.toBeDefined();
  };

  test.each([
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'http://',
    'http://[::1',
    '',
    'http://user:secret@127.0.0.1/',
    `http://127.0.0.1/${'a'.repeat(2083)}`,
  ])('a task with the bad URL %# is refused', async (url) => {
    await invalid({}, url);
  });

  test.each([
    'http://example.com/',
    'https://10.0.0.1/',
    'http://169.254.169.254/computeMetadata/v1/',
    'http://0.0.0.0/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'http://0x0a000001/',
    'http://[::ffff:10.0.0.1]/',
    'http://[2001:db8::1]/',
  ])('a task for a target that is not this machine is refused: %s', async (url) => {
    await invalid({}, url);
  });

  test.each([
    `${QUEUE}/tasks/`,
    `${QUEUE}/tasks/a b`,
    `${QUEUE}/tasks/../x`,
    `${QUEUE}/tasks/${'a'.repeat(501)}`,
    `${QUEUE}/tasks/a/tasks/b`,
    'tasks/a',
    `${PARENT}/queues/other/tasks/a`,
    `${QUEUE}/tasks/naïve`,
  ])('a task with the bad name %# is refused', async (bad) => {
    await invalid({ name: bad });
  });

  test.each([
    ['a body over 1 MiB', { httpRequest: { body: Buffer.alloc(MIB + 1) } }],
    ['a body of 5 MiB', { httpRequest: { body: Buffer.alloc(5 * MIB) } }],
    ['a body with GET', { httpRequest: { httpMethod: 'GET' as const, body: Buffer.from('x') } }],
    ['a header name with a space', { httpRequest: { headers: { 'bad name': 'x' } } }],
    ['a header value with a line break', { httpRequest: { headers: { ok: 'split\r\nX-Evil: 1' } } }],
    ['headers over 80 KiB', { httpRequest: { headers: { big: 'x'.repeat(81_920) } } }],
    ['an empty service account', { httpRequest: { oidcToken: { serviceAccountEmail: '' } } }],
    [
      'a service account that is no address',
      { httpRequest: { oidcToken: { serviceAccountEmail: 'not an address' } } },
    ],
    ['a deadline under 15 s', { dispatchDeadline: { seconds: 14, nanos: 999_000_000 } }],
    ['a deadline over 30 min', { dispatchDeadline: { seconds: 1800, nanos: 1_000_000 } }],
    ['a negative deadline', { dispatchDeadline: { seconds: -1 } }],
    [
      'a schedule over 30 days ahead',
      { scheduleTime: { seconds: startSeconds + 30 * 86_400, nanos: 1_000_000 } },
    ],
    ['a schedule beyond the calendar', { scheduleTime: { seconds: '9223372036854775807' } }],
  ])('a task with %s is refused', async (_what, more) => {
    await invalid(more);
  });

  test('the greatest body, the latest schedule and the longest deadline are taken', async () => {
    const clock = createManualClock(START);
    const { client } = await startTestEmulator({ clock });
    const scheduleTime = { seconds: startSeconds + 30 * 86_400 };
    const httpRequest = { body: Buffer.alloc(MIB, 1) };
    await expect(
      createTask(client, NOWHERE, { scheduleTime, httpRequest, dispatchDeadline: { seconds: 1800 } }),
    ).resolves.toBeDefined();
  });

  test('a task without a target and parents that are no names are refused', async () => {
    const { client } = await startTestEmulator();
    const calls = [
      () => client.createTask({ parent: QUEUE, task: {} }),
      () => client.createTask({ parent: 'nonsense', task: { httpRequest: { url: NOWHERE } } }),
      () =>
        client.createTask({
          parent: `${PARENT}/queues/under_score`,
          task: { httpRequest: { url: NOWHERE } },
        }),
      () => client.createQueue({ parent: PARENT, queue: { name: `projects/else/locations/x/queues/q` } }),
      () => client.listQueues({ parent: 'projects/only' }),
      () => client.getTask({ name: '' }),
    ];
    for (const call of calls) await refuses(call(), status.INVALID_ARGUMENT);
  });

  test('what is not emulated says so', async () => {
    const { client } = await startTestEmulator();
    const oauth = createTask(client, NOWHERE, {
      httpRequest: { oauthToken: { serviceAccountEmail: 'a@b.c' } },
    });
    await refuses(oauth, status.UNIMPLEMENTED);
    const appEngine = client.createTask({
      parent: QUEUE,
      task: { appEngineHttpRequest: { relativeUri: '/' } },
    });
    await refuses(appEngine, status.UNIMPLEMENTED);
  });
});
