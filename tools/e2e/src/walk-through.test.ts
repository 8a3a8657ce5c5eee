import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useE2eStack } from './testing/use-stack.ts';

const stack = useE2eStack({}, { runner: false });

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** As curl would: nothing of the client's package, so that the documentation alone must suffice. */
async function request(
  method: string,
  path: string,
  { body, headers }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${stack.apiUrl}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

interface Agent {
  readonly id: string;
  readonly key: KeyObject;
}

async function registerAgent(display_name: string): Promise<Agent> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const public_key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const answer = await request('POST', '/v1/agents', { body: JSON.stringify({ public_key, display_name }) });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    public_key,
    display_name,
    hosting_mode: 'client_only',
    status: 'active',
  });
  expect(answer.body.webhook_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return {
    id: String(answer.body.agent_id),
    key: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  };
}

interface Signing {
  readonly timestamp?: string;
  readonly nonce?: string;
  /** What is signed in the place of the body. */
  readonly over?: string;
}

function signed(agent: Agent, method: string, path: string, body: string, how: Signing = {}) {
  const timestamp = how.timestamp ?? new Date().toISOString();
  const bodyHash = createHash('sha256')
    .update(how.over ?? body)
    .digest('hex');
  const message = [timestamp, method, path.split('?')[0], bodyHash].join('\n');
  return {
    authorization: `AgentSig ${agent.id}:${sign(null, Buffer.from(message), agent.key).toString('hex')}`,
    'x-timestamp': timestamp,
    'x-nonce': how.nonce ?? randomBytes(16).toString('hex'),
  };
}

const listing = { skill_id: 'summarise', description: 'Summaries of long texts', base_price: '12.50' };

describe('with a terminal alone', () => {
  test('an agent registers, publishes a listing and is found', async () => {
    const alice = await registerAgent('Alice');
    const path = `/v1/agents/${alice.id}/listings`;
    const body = JSON.stringify(listing);
    const made = await request('POST', path, { body, headers: signed(alice, 'POST', path, body) });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ ...listing, status: 'active' }),
    ]);
    const found = await request('GET', '/v1/discover?q=summaries+of+texts&max_price=20');
    expect(found.status).toBe(200);
    expect(found.body.items).toContainEqual(
      expect.objectContaining({ listing_id: made.body.listing_id, seller_display_name: 'Alice' }),
    );
    expect(Number(found.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0);
    const twice = await request('POST', path, { body, headers: signed(alice, 'POST', path, body) });
    expect([twice.status, twice.body.code]).toEqual([409, 'duplicate_listing']);
  });

  test('existing clients, which sign without /v1 and call without it, are understood', async () => {
    const agent = await registerAgent('Elder');
    const path = `/agents/${agent.id}/balance`;
    const headers = signed(agent, 'GET', path, '');
    expect((await request('GET', `/v1${path}`, { headers })).status).toBe(200);
    const again = signed(agent, 'GET', path, '');
    expect((await request('GET', path, { headers: again })).body).toMatchObject({ balance: '0.00' });
  });
});

describe('a refusal says what is wrong', () => {
  let agent: Agent;
  let path: string;
  const body = JSON.stringify({ amount: '5.00' });
  beforeAll(async () => {
    agent = await registerAgent('Mallory');
    path = `/v1/agents/${agent.id}/deposit`;
  });

  function expectProblem(answer: Answer, status: number, code: string): void {
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:uuid:/),
    });
  }

  test('a request without credentials is 401 with the scheme', async () => {
    const answer = await request('POST', path, { body });
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('AgentSig');
  });

  test('a signature of something else is 401', async () => {
    const headers = signed(agent, 'POST', path, body, { over: `${body} ` });
    expectProblem(await request('POST', path, { body, headers }), 401, 'invalid_signature');
  });

  test('a replayed nonce is 401, and the first request stands', async () => {
    const headers = signed(agent, 'POST', path, body, { nonce: 'n'.repeat(32) });
    expect((await request('POST', path, { body, headers })).body).toMatchObject({ balance: '5.00' });
    expectProblem(await request('POST', path, { body, headers }), 401, 'nonce_replayed');
    const fresh = signed(agent, 'POST', path, body, { nonce: 'n'.repeat(32) });
    expectProblem(await request('POST', path, { body, headers: fresh }), 401, 'nonce_replayed');
    const other = signed(agent, 'POST', path, body);
    expect((await request('POST', path, { body, headers: other })).body).toMatchObject({ balance: '10.00' });
  });

  test.each([-40_000, 40_000])('a timestamp %i ms off is 401', async (offMs) => {
    const timestamp = new Date(Date.now() + offMs).toISOString();
    const headers = signed(agent, 'POST', path, body, { timestamp });
    expectProblem(await request('POST', path, { body, headers }), 401, 'stale_timestamp');
  });

  test('a body over 1 MiB is 413', async () => {
    const large = JSON.stringify({ amount: '5.00', padding: 'x'.repeat(1_048_576) });
    const headers = signed(agent, 'POST', path, large);
    expectProblem(await request('POST', path, { body: large, headers }), 413, 'payload_too_large');
  });

  test('a body that is not JSON is 400', async () => {
    const headers = signed(agent, 'POST', path, '{"amount":');
    expectProblem(await request('POST', path, { body: '{"amount":', headers }), 400, 'malformed_request');
  });

  test('a bad field is 422 with its path', async () => {
    const bad = JSON.stringify({ amount: '5.001' });
    const answer = await request('POST', path, { body: bad, headers: signed(agent, 'POST', path, bad) });
    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body.errors).toEqual([{ path: 'amount', message: expect.any(String) }]);
  });

  test('a bad field deep inside acceptance criteria is 422 with its path', async () => {
    const seller = await registerAgent('Seller');
    const proposal = JSON.stringify({
      seller_agent_id: seller.id,
      max_budget: '5.00',
      acceptance_criteria: {
        version: '1.0',
        tests: [{ test_id: 'a', type: 'contains', params: { pattern: '(', is_regex: true } }],
      },
    });
    const headers = signed(agent, 'POST', '/v1/jobs', proposal);
    const answer = await request('POST', '/v1/jobs', { body: proposal, headers });
    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body.errors).toEqual([
      { path: 'acceptance_criteria.tests.0.params.pattern', message: expect.any(String) },
    ]);
  });
});
