import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import { createTask, QUEUE, refuses, respond, startTarget, startTestEmulator } from './testing/harness.ts';

const START = new Date('2026-01-01T00:00:00Z');
const retries = { minBackoffSeconds: 10, maxBackoffSeconds: 300, maxDoublings: 3 };

const startQueue = async (settings: Record<string, number> = {}) => {
  const clock = createManualClock(START);
  const queues = { work: { ...retries, maxAttempts: -1, ...settings } };
  return { clock, ...(await startTestEmulator({ clock, queues })) };
};

describe('what the target receives', () => {
  test("a target receives the method, path, body and headers of the task, with Cloud Tasks' own", async () => {
    const target = await startTarget();
    const { client, emulator } = await startQueue();
    await createTask(client, `${target.url}/a/b?c=d`, {
      name: `${QUEUE}/tasks/t-1`,
      httpRequest: {
        httpMethod: 'PUT',
        body: Buffer.from('{"n":1}'),
        headers: { 'Content-Type': 'application/json', traceparent: '00-1', Authorization: 'Custom x' },
      },
    });
    await emulator.idle();
    const [request] = target.requests;
    expect(request).toMatchObject({ method: 'PUT', path: '/a/b?c=d' });
    expect(request?.body.toString()).toBe('{"n":1}');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '7',
      traceparent: '00-1',
      authorization: 'Custom x',
      'user-agent': 'Google-Cloud-Tasks',
      'x-cloudtasks-queuename': 'work',
      'x-cloudtasks-taskname': 't-1',
      'x-cloudtasks-taskretrycount': '0',
      'x-cloudtasks-taskexecutioncount': '0',
      'x-cloudtasks-tasketa': `${START.getTime() / 1000}.000000`,
    });
    expect(request?.headers).not.toHaveProperty('x-cloudtasks-taskpreviousresponse');
    expect(request?.headers).not.toHaveProperty('x-cloudtasks-taskretryreason');
  });

  test('a target receives POST and application/octet-stream when the task names neither', async () => {
    const target = await startTarget();
    const { client, emulator } = await startQueue();
    await createTask(client, target.url, { httpRequest: { body: Buffer.from([1, 2]) } });
    await emulator.idle();
    expect(target.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  test("a creator cannot forge Cloud Tasks' headers or steer the connection", async () => {
    const target = await startTarget();
    const { client, emulator } = await startQueue();
    const headers = {
      'X-CloudTasks-TaskRetryCount': '99',
      'x-appengine-queuename': 'x',
      'X-Google-Thing': 'x',
      Host: 'evil.example',
      'Transfer-Encoding': 'chunked',
      'Content-Length': '1000',
      'User-Agent': 'me',
    };
    await createTask(client, target.url, { httpRequest: { headers, body: Buffer.from('ab') } });
    await emulator.idle();
    const seen = target.requests[0]?.headers;
    expect(seen).toMatchObject({
      'x-cloudtasks-taskretrycount': '0',
      host: new URL(target.url).host,
      'content-length': '2',
      'user-agent': 'Google-Cloud-Tasks',
    });
    for (const name of ['x-appengine-queuename', 'x-google-thing', 'transfer-encoding'])
      expect(seen).not.toHaveProperty(name);
  });

  test('a retry tells how many came before, how the last one ended and when it was due', async () => {
    const target = await startTarget((received, n) => respond([500, 404, 200][n - 1] ?? 200)(received));
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url);
    await emulator.idle();
    clock.advance(10_000);
    await emulator.idle();
    clock.advance(20_000);
    await emulator.idle();
    expect(target.requests[1]?.headers).toMatchObject({
      'x-cloudtasks-taskretrycount': '1',
      'x-cloudtasks-taskexecutioncount': '0',
      'x-cloudtasks-taskpreviousresponse': '500',
      'x-cloudtasks-taskretryreason': 'HTTP status code 500',
      'x-cloudtasks-tasketa': `${START.getTime() / 1000 + 10}.000000`,
    });
    // A 5xx is no execution; a 404 is one.
    expect(target.requests[2]?.headers).toMatchObject({
      'x-cloudtasks-taskretrycount': '2',
      'x-cloudtasks-taskexecutioncount': '1',
      'x-cloudtasks-taskpreviousresponse': '404',
    });
  });
});

describe('success and failure', () => {
  test.each([200, 201, 204, 299])('an answer of %i ends a task', async (code) => {
    const target = await startTarget(respond(code));
    const { client, emulator } = await startQueue();
    await createTask(client, target.url);
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, succeeded: 1, failed: 0 });
  });

  test.each([301, 302, 304, 400, 401, 404, 409, 429, 500, 503])(
    '%i is tried again, and no redirect is followed',
    async (code) => {
      const target = await startTarget(respond(code, { Location: '/elsewhere' }));
      const { client, emulator } = await startQueue();
      await createTask(client, target.url);
      await emulator.idle();
      expect(emulator.state().queues[0]).toMatchObject({ depth: 1, succeeded: 0, failed: 1, dispatched: 1 });
      expect(target.requests.map(({ path }) => path)).toEqual(['/']);
    },
  );

  test('attempts come exactly when the backoff formula says', async () => {
    const target = await startTarget(respond(500));
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url);
    await emulator.idle();
    for (const [retry, seconds] of [10, 20, 40, 80, 160, 240, 300, 300].entries()) {
      clock.advance(seconds * 1000 - 1);
      await emulator.idle();
      expect(target.requests).toHaveLength(retry + 1);
      clock.advance(1);
      await emulator.idle();
      expect(target.requests).toHaveLength(retry + 2);
    }
  });

  test('a task is dropped after maxAttempts attempts, the first included', async () => {
    const target = await startTarget(respond(500));
    const { client, emulator, clock } = await startQueue({ maxAttempts: 3 });
    const task = await createTask(client, target.url);
    for (let step = 0; step < 6; step += 1) {
      await emulator.idle();
      clock.advance(300_000);
    }
    expect(target.requests).toHaveLength(3);
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, exhausted: 1, failed: 3 });
    await refuses(client.getTask({ name: task.name ?? '' }), status.NOT_FOUND);
  });

  test('GetTask shows how the attempts went', async () => {
    const target = await startTarget(respond(503));
    const { client, emulator } = await startQueue();
    const task = await createTask(client, target.url);
    await emulator.idle();
    const [shown] = await client.getTask({ name: task.name ?? '' });
    expect(shown).toMatchObject({
      dispatchCount: 1,
      responseCount: 1,
      scheduleTime: { seconds: String(START.getTime() / 1000 + 10) },
      lastAttempt: { responseStatus: { code: status.UNAVAILABLE, message: 'HTTP status code 503' } },
    });
  });

  test('a 503 with Retry-After waits that long, up to the maximum backoff', async () => {
    const target = await startTarget((received, n) =>
      respond(503, { 'Retry-After': n === 1 ? '25' : '99999' })(received),
    );
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url);
    await emulator.idle();
    expect(emulator.state().queues[0]?.nextDueInMs).toBe(25_000);
    clock.advance(25_000);
    await emulator.idle();
    expect(emulator.state().queues[0]?.nextDueInMs).toBe(300_000);
  });

  test('a task scheduled for later goes out then, not before', async () => {
    const target = await startTarget();
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url, { scheduleTime: { seconds: START.getTime() / 1000 + 20 * 86_400 } });
    clock.advance(20 * 86_400_000 - 1);
    await emulator.idle();
    expect(target.requests).toHaveLength(0);
    clock.advance(1);
    await emulator.idle();
    expect(target.requests).toHaveLength(1);
  });
});

describe('targets in trouble', () => {
  test('an attempt past its dispatch deadline is cut off, fails and is tried again', async () => {
    const target = await startTarget((received, n) => {
      if (n > 1) respond(200)(received);
    });
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url, { dispatchDeadline: { seconds: 15 } });
    const { response } = await target.nth(1);
    const cut = new Promise((resolve) => response.once('close', resolve));
    clock.advance(14_999);
    expect(emulator.state().queues[0]).toMatchObject({ running: 1, failed: 0 });
    clock.advance(1);
    await cut;
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ running: 0, failed: 1, nextDueInMs: 10_000 });
    clock.advance(10_000);
    await emulator.idle();
    expect(target.requests[1]?.headers['x-cloudtasks-taskretryreason']).toMatch(/deadline of 15 s/);
    expect(target.requests[1]?.headers).not.toHaveProperty('x-cloudtasks-taskpreviousresponse');
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, succeeded: 1 });
  });

  test('the deadline covers the whole answer, not its first byte', async () => {
    const target = await startTarget(({ response }) => {
      response.writeHead(200);
      response.write('a beginning without an end');
    });
    const { client, emulator, clock } = await startQueue();
    await createTask(client, target.url, { dispatchDeadline: { seconds: 15 } });
    await target.nth(1);
    clock.advance(15_000);
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 1, failed: 1 });
  });

  test('nobody listening, and a connection dropped in the middle, are failures that are tried again', async () => {
    const rude = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'));
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
    const { client, emulator, clock } = await startQueue();
    await createTask(client, url);
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 1, failed: 1, succeeded: 0 });
    await new Promise((resolve) => rude.close(resolve));
    clock.advance(10_000);
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 1, failed: 2 });
  });

  test('an answer without end is cut off and its status stands', async () => {
    const target = await startTarget(({ response }) => {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.writeHead(200).on('drain', pour);
      pour();
    });
    const { client, emulator } = await startQueue();
    await createTask(client, target.url);
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, succeeded: 1 });
  });

  test('a task deleted while it is attempted is not tried again', async () => {
    const target = await startTarget(() => {});
    const { client, emulator, clock } = await startQueue();
    const task = await createTask(client, target.url);
    const { response } = await target.nth(1);
    await client.deleteTask({ name: task.name ?? '' });
    response.writeHead(500).end();
    await emulator.idle();
    clock.advance(3_600_000);
    await emulator.idle();
    expect(target.requests).toHaveLength(1);
    expect(emulator.state().queues[0]?.depth).toBe(0);
  });
});
