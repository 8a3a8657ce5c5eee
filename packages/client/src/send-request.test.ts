import { generateKeyPair } from '@agent-registry/signing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type AgentClient, createAgentClient } from './agent-client.ts';
import type { Connection } from './connection.ts';
import { RegistryProblem, RegistryUnreachable } from './registry-problem.ts';
import {
  type Answer,
  isSignedBy,
  type ScriptedServer,
  startScriptedServer,
} from './testing/scripted-server.ts';

const agentId = '01930000-0000-7000-8000-000000000001';
const jobId = '01930000-0000-7000-8000-00000000000a';
const keys = generateKeyPair();
const fine: Answer = { status: 200, body: { fine: true } };
const busy: Answer = { status: 503, body: { code: 'unavailable', detail: 'later' } };
let server: ScriptedServer;
let pauses: number[];

afterEach(() => server.close());

async function clientOf(answers: Answer[], more: Partial<Connection> = {}): Promise<AgentClient> {
  server = await startScriptedServer(answers);
  pauses = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  const options = { baseUrl: server.baseUrl, agentId, privateKey: keys.privateKey, sleep, ...more };
  return createAgentClient(options);
}

describe('a request is sent again', () => {
  test.each<[string, Answer]>([
    ['a dropped connection', 'drop'],
    ['429', { status: 429, body: { code: 'rate_limited' } }],
    ['502', { status: 502 }],
    ['503', busy],
    ['a page of a proxy in place of the answer', { status: 200, text: '<html>Back soon</html>' }],
    ['504', { status: 504 }],
    ['the same request still running', { status: 409, body: { code: 'request_in_progress' } }],
  ])('a request is sent again after %s', async (_, answer) => {
    const client = await clientOf([answer, answer, fine]);
    await expect(client.fundJob({ job_id: jobId })).resolves.toEqual({ fine: true });
    expect(server.seen).toHaveLength(3);
    expect(pauses).toHaveLength(2);
  });

  test('a retry has the same Idempotency-Key, but a new nonce and signature each time', async () => {
    const client = await clientOf(['drop', busy, fine]);
    await client.deliverJob({ job_id: jobId, result: { n: 1 } });
    const of = (name: string) => new Set(server.seen.map((request) => String(request.headers[name])));
    expect(of('idempotency-key').size).toBe(1);
    expect([...of('idempotency-key')][0]).toMatch(/^[0-9a-f-]{36}$/);
    expect([of('signature-input').size, of('signature').size]).toEqual([3, 3]);
    expect(server.seen.every((request) => isSignedBy(keys.publicKey, request))).toBe(true);
  });

  test('a retry has the timestamp of the moment it is sent', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const clock = { now: () => new Date(now) };
    const sleep = async () => {
      now += 60_000;
    };
    const client = await clientOf([busy, fine], { clock, sleep });
    await client.getBalance();
    const stamps = server.seen.map(
      ({ headers }) => /created=(\d+)/.exec(String(headers['signature-input']))?.[1],
    );
    expect(stamps).toEqual(['1772366400', '1772366460']);
  });

  test('a retry comes no sooner than Retry-After says', async () => {
    const answer: Answer = { status: 429, body: { code: 'rate_limited' }, headers: { 'retry-after': '7' } };
    const client = await clientOf([answer, fine]);
    await client.getBalance();
    expect(pauses[0]).toBeGreaterThanOrEqual(7_000);
    expect(pauses[0]).toBeLessThan(7_500);
  });

  test('a request is retried at most as often as the client may', async () => {
    const client = await clientOf([busy], { maxRetries: 2 });
    await expect(client.getBalance()).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    expect(server.seen).toHaveLength(3);
  });

  test('a request is not retried when the registry asks for more than a minute', async () => {
    const client = await clientOf([{ status: 429, headers: { 'retry-after': '61' } }, fine]);
    await expect(client.getBalance()).rejects.toMatchObject({ status: 429, retryAfterSeconds: 61 });
    expect(server.seen).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 409, 413, 422, 500])('a request is not retried after %i', async (status) => {
    const client = await clientOf([{ status, body: { code: 'x' } }, fine]);
    await expect(client.fundJob({ job_id: jobId })).rejects.toBeInstanceOf(RegistryProblem);
    expect(server.seen).toHaveLength(1);
  });
});

describe('a failure', () => {
  test('a failure is the problem that the registry sent', async () => {
    const body = {
      type: 'about:blank',
      title: 'A field is not acceptable',
      status: 422,
      code: 'validation_failed',
      detail: 'max_budget is not acceptable',
      instance: 'urn:uuid:0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
      errors: [{ path: 'max_budget', message: 'must be an amount' }],
    };
    const client = await clientOf([{ status: 422, body }]);
    const { instance, errors, detail } = body;
    await expect(client.discover()).rejects.toMatchObject({
      name: 'RegistryProblem',
      code: 'validation_failed',
      status: 422,
      instance,
      errors,
      detail,
    });
  });

  test('a failure that is no problem+json keeps its status and the beginning of its text', async () => {
    const html: Answer = { status: 403, body: 'no way', headers: { 'content-type': 'text/html' } };
    const client = await clientOf([html]);
    await expect(client.getBalance()).rejects.toMatchObject({
      code: 'unknown',
      status: 403,
      detail: '"no way"',
    });
  });

  test('a failure to answer at all is told with its cause', async () => {
    const client = await clientOf(['drop'], { maxRetries: 1 });
    const failure = await client.getBalance().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RegistryUnreachable);
    expect((failure as Error).cause).toMatchObject({ message: 'fetch failed' });
    expect(server.seen).toHaveLength(2);
  });

  test('an answer that is not JSON is a failure, since nobody knows what became of the request', async () => {
    const client = await clientOf([{ status: 200, text: '<html>' }], { maxRetries: 0 });
    await expect(client.getFees()).rejects.toBeInstanceOf(RegistryUnreachable);
  });

  test('an answer that does not come in time is a failure', async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    const client = await clientOf([fine], { fetch: never, timeoutMs: 1, maxRetries: 0 });
    const failure = await client.getBalance().catch((error: unknown) => error);
    expect((failure as Error).cause).toMatchObject({ name: 'TimeoutError' });
  });

  test('a caller that aborts ends the call at once', async () => {
    const giveUp = new AbortController();
    const sleep = async () => giveUp.abort(new Error('enough'));
    const client = await clientOf([busy], { sleep });
    await expect(client.getBalance({}, { signal: giveUp.signal })).rejects.toThrow('enough');
    expect(server.seen).toHaveLength(1);
  });
});
