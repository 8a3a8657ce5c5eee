import { generateKeyPair } from '@agent-registry/signing';
import { afterEach, expect, test } from '@jest/globals';
import { agentWith, call, newAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

const DEFAULTS = {
  RATE_LIMIT_READ_CAPACITY: '120',
  RATE_LIMIT_READ_REFILL_PER_MIN: '60',
  RATE_LIMIT_REGISTRATION_CAPACITY: '5',
  RATE_LIMIT_REGISTRATION_REFILL_PER_MIN: '2',
};
const api = useApi({ ...DEFAULTS, TRUSTED_PROXY_HOPS: '1' });
afterEach(() => api.clock.advance(3_600_000));

let strangers = 0;
const stranger = () => {
  strangers += 1;
  return { 'X-Forwarded-For': `203.0.113.${strangers}` };
};
const fees = (headers: Record<string, string>) => call(api, 'GET', '/v1/fees', { headers });

test('the 121st read in a burst is 429, and a client that waits its Retry-After is let through', async () => {
  const headers = stranger();
  for (let read = 1; read <= 120; read += 1) {
    const reply = await fees(headers);
    expect([reply.status, reply.headers.get('x-ratelimit-remaining')]).toEqual([200, String(120 - read)]);
  }
  const refused = await fees(headers);
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
  const retryAfter = Number(refused.headers.get('retry-after'));
  expect(retryAfter).toBe(1);
  api.clock.advance(retryAfter * 1_000 - 1);
  expect((await fees(headers)).status).toBe(429);
  api.clock.advance(1);
  expect((await fees(headers)).status).toBe(200);
  expect((await fees(headers)).status).toBe(429);
});

test('every answer says where its bucket stands', async () => {
  const headers = stranger();
  const first = await fees(headers);
  const second = await fees(headers);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'x-ratelimit-limit': '120',
    'x-ratelimit-remaining': '119',
    'ratelimit-policy': '"read";q=120;w=120',
    ratelimit: '"read";r=119;t=1',
  });
  expect(second.headers.get('ratelimit')).toBe('"read";r=118;t=1');
  expect(Number(second.headers.get('x-ratelimit-reset'))).toBe(
    Math.ceil(api.clock.now().getTime() / 1_000) + 1,
  );
});

test('registrations have a small bucket of their own', async () => {
  const headers = stranger();
  const register = () =>
    call(api, 'POST', '/v1/agents', {
      body: { public_key: generateKeyPair().publicKey, display_name: 'Many' },
      headers,
    });
  for (let made = 0; made < 5; made += 1) expect((await register()).status).toBe(201);
  const refused = await register();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  api.clock.advance(30_000);
  expect((await register()).status).toBe(201);
});

test('a registration that an agent signs counts against the address it comes from, not against the agent', async () => {
  const alice = await newAgent(api);
  const headers = stranger();
  const register = () =>
    alice.call('POST', '/v1/agents', {
      body: { public_key: generateKeyPair().publicKey, display_name: 'Many' },
      headers,
    });
  for (let made = 0; made < 5; made += 1) expect((await register()).status).toBe(201);
  expect((await register()).status).toBe(429);
  const elsewhere = await alice.call('POST', '/v1/agents', {
    body: { public_key: generateKeyPair().publicKey, display_name: 'Elsewhere' },
    headers: stranger(),
  });
  expect(elsewhere.status).toBe(201);
});

test('behind the addresses an instance takes 100 registrations at once and tells the log that no more come in', async () => {
  const register = () =>
    call(api, 'POST', '/v1/agents', {
      body: { public_key: generateKeyPair().publicKey, display_name: 'Many' },
      headers: stranger(),
    });
  const replies = await Promise.all(Array.from({ length: 101 }, register));
  const refused = replies.filter(({ status }) => status !== 201);
  expect(refused.map(({ status }) => status)).toEqual([429]);
  const told = api.lines.filter(({ message }) => String(message).includes('registration budget'));
  expect(told).toMatchObject([{ severity: 'WARNING', capacity: 100 }]);
  api.clock.advance(Number(refused[0]!.headers.get('retry-after')) * 1_000);
  expect((await register()).status).toBe(201);
});

test('agents are counted by id wherever they come from, strangers by the address that the proxy appended', async () => {
  const alice = await newAgent(api);
  const from = stranger();
  const path = `/v1/agents/${alice.id}`;
  const first = await alice.call('GET', path, { headers: from });
  const second = await alice.call('GET', path, { headers: stranger() });
  expect([first, second].map((reply) => reply.headers.get('x-ratelimit-remaining'))).toEqual(['119', '118']);
  const spoofed = { 'X-Forwarded-For': `8.8.8.8, ${from['X-Forwarded-For']}` };
  expect((await fees(from)).headers.get('x-ratelimit-remaining')).toBe('119');
  expect((await fees(spoofed)).headers.get('x-ratelimit-remaining')).toBe('118');
});

test('a failed authentication costs its address a token, and its alleged agent none', async () => {
  const alice = await newAgent(api);
  const mallory = agentWith(api, alice.id, generateKeyPair());
  const path = `/v1/agents/${alice.id}/balance`;
  const headers = stranger();
  for (let guess = 0; guess < 120; guess += 1) {
    expect((await mallory.call('GET', path, { headers })).status).toBe(401);
  }
  expect((await mallory.call('GET', path, { headers })).status).toBe(429);
  const reply = await alice.call('GET', path, { headers });
  expect([reply.status, reply.headers.get('x-ratelimit-remaining')]).toEqual([200, '119']);
});

test('paths that are not there, and operator keys that are wrong, are counted too', async () => {
  const headers = stranger();
  await call(api, 'GET', '/v1/nothing', { headers });
  await call(api, 'GET', '/v1/operator/audit', { headers: { ...headers, 'X-Operator-Key': 'guess' } });
  await call(api, 'DELETE', '/v1/fees', { headers });
  expect((await fees(headers)).headers.get('x-ratelimit-remaining')).toBe('116');
});

test('probes cost nothing', async () => {
  const headers = stranger();
  for (let probe = 0; probe < 5; probe += 1) await call(api, 'GET', '/health', { headers });
  expect((await fees(headers)).headers.get('x-ratelimit-remaining')).toBe('119');
});
