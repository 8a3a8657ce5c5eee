import { generateKeyPair, signMessage } from '@agent-registry/signing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agentWith, type CallOptions, call, newAgent, type TestAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

const api = useApi({
  SIGNATURE_ORIGINS: 'https://registry.example.com,https://agents.example.org:8443',
});
let alice: TestAgent;
beforeAll(async () => {
  alice = await newAgent(api, { display_name: 'Alice' });
});

const deposit = () => `/v1/agents/${alice.id}/deposit`;
const balance = () => `/v1/agents/${alice.id}/balance`;
const body = { amount: '1.00' };
const outcome = async (method: string, path: string, options: CallOptions) => {
  const reply = await call(api, method, path, options);
  return [reply.status, reply.body?.code ?? 'done', reply.body?.detail ?? ''];
};
/** A request by hand: what it covers and says of itself is the test's. */
function byHand(target: { method: string; path: string }, params: string, values: Record<string, string>) {
  const lines = Object.entries(values).map(([name, value]) => `"${name}": ${value}`);
  const covered = Object.keys(values)
    .map((name) => `"${name}"`)
    .join(' ');
  const input = `(${covered})${params};keyid="${alice.id}";tag="agent-registry"`;
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const signature = Buffer.from(signMessage(alice.keys.privateKey, Buffer.from(base)), 'hex').toString(
    'base64',
  );
  return { ...target, base, headers: { 'Signature-Input': `x=${input}`, Signature: `x=:${signature}:` } };
}
const noon = Date.parse('2026-03-01T12:00:00Z') / 1_000;

test('a request signed by RFC 9421 is let in, with a body, a query and an Idempotency-Key', async () => {
  const options = { body, headers: { 'Idempotency-Key': 'order-7' } };
  const headers = { ...options.headers, ...alice.signHttp('POST', deposit(), options) };
  expect(await outcome('POST', deposit(), { body, headers })).toEqual([200, 'done', '']);
  const page = `/v1/agents/${alice.id}/transactions?limit=5`;
  expect((await call(api, 'GET', page, { headers: alice.signHttp('GET', page) })).status).toBe(200);
});

test('a request may be meant for any of the configured origins, and for no other, whatever Host says', async () => {
  const at = (origin: string) => {
    const values = { '@method': 'GET', '@target-uri': `${origin}${balance()}` };
    return byHand({ method: 'GET', path: balance() }, `;created=${noon}`, values).headers;
  };
  for (const origin of ['https://registry.example.com', 'https://agents.example.org:8443'])
    expect(await outcome('GET', balance(), { headers: at(origin) })).toEqual([200, 'done', '']);
  for (const origin of [api.url, 'https://staging.example.com', 'https://agents.example.org']) {
    const reply = await call(api, 'GET', balance(), {
      headers: { ...at(origin), 'X-Forwarded-Host': new URL(origin).host },
    });
    expect([reply.status, reply.body.code]).toEqual([401, 'invalid_signature']);
    expect(reply.body.expected_message).toContain('"@target-uri": https://registry.example.com/v1/agents/');
  }
});

test('authority, path and query together stand for the target, other fields may be covered too', async () => {
  const path = `/v1/agents/${alice.id}/transactions?limit=2`;
  const values = {
    '@method': 'GET',
    '@authority': 'agents.example.org:8443',
    '@path': path.split('?')[0]!,
    '@query': '?limit=2',
    'x-note': 'a, b',
  };
  const { headers } = byHand({ method: 'GET', path }, `;created=${noon};alg="ed25519"`, values);
  const sent = (note: string) => outcome('GET', path, { headers: { ...headers, 'X-Note': note } });
  expect(await sent('a, b')).toEqual([200, 'done', '']);
  expect((await sent('a, c')).slice(0, 2)).toEqual([401, 'invalid_signature']);
});

test('a bit changed in any covered part is 401, and changes nothing', async () => {
  const path = `/v1/agents/${alice.id}/listings?note=1`;
  const listing = JSON.stringify({ skill_id: 'changed-bits', base_price: '1.00' });
  const options = { raw: listing, headers: { 'Idempotency-Key': 'listing-1' } };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('path', 'query', 'body', 'Idempotency-Key', 'Content-Digest', 'Signature-Input'),
      fc.nat(),
      async (part, at) => {
        const headers: Record<string, string> = {
          ...options.headers,
          ...alice.signHttp('POST', path, options),
        };
        const change = (text: string): string => {
          const index = at % text.length;
          const other = text[index] === '1' ? '2' : '1';
          return text.slice(0, index) + other + text.slice(index + 1);
        };
        const sent = { path, raw: listing };
        if (part === 'path') sent.path = path.replace(alice.id, change(alice.id));
        else if (part === 'query') sent.path = `${path}${change('1')}`;
        else if (part === 'body') sent.raw = change(listing);
        else headers[part] = change(headers[part]!);
        const reply = await call(api, 'POST', sent.path, { raw: sent.raw, headers });
        expect(reply.status).toBe(401);
      },
    ),
    { numRuns: 60 },
  );
  const listings = await call(api, 'GET', `/v1/agents/${alice.id}/listings`);
  expect(listings.body.items).toEqual([]);
});

test('a wrong Content-Digest is told before the signature is looked at', async () => {
  const headers = alice.signHttp('POST', deposit(), { body });
  const [status, code, detail] = await outcome('POST', deposit(), { body: { amount: '2.00' }, headers });
  expect([status, code]).toEqual([401, 'invalid_signature']);
  expect(detail).toContain('Content-Digest');
});

describe('what a signature leaves out is named', () => {
  const values = () => ({
    '@method': 'POST',
    '@target-uri': `https://registry.example.com${deposit()}`,
  });
  const nonce = ';nonce="a-nonce-of-sixteen"';
  const post = (params: string, covered: Record<string, string>, headers: Record<string, string> = {}) => {
    const { headers: signed } = byHand({ method: 'POST', path: deposit() }, params, covered);
    return outcome('POST', deposit(), { body, headers: { ...headers, ...signed } });
  };

  test('a signature is refused by name of what it lacks: a body without content-digest', async () => {
    expect(await post(`;created=${noon}${nonce}`, values())).toEqual([
      401,
      'unauthenticated',
      expect.stringContaining('content-digest'),
    ]);
  });

  test('a signature is refused by name of what it lacks: an Idempotency-Key that is sent and not covered', async () => {
    const { headers } = byHand({ method: 'POST', path: deposit() }, `;created=${noon}${nonce}`, values());
    const sent = { ...headers, 'Idempotency-Key': 'mine' };
    expect(await outcome('POST', deposit(), { headers: sent })).toEqual([
      401,
      'unauthenticated',
      expect.stringContaining('idempotency-key'),
    ]);
  });

  test.each([
    ['a nonce on a POST', `;created=${noon}`, 'unauthenticated', 'nonce'],
    ['created', nonce, 'unauthenticated', 'created'],
    ['a recent created', `;created=${noon - 31}${nonce}`, 'stale_timestamp', 'created'],
    ['a created that is not ahead', `;created=${noon + 31}${nonce}`, 'stale_timestamp', 'created'],
    [
      'an expires that is to come',
      `;created=${noon - 9};expires=${noon - 1}${nonce}`,
      'stale_timestamp',
      'expired',
    ],
  ])('a signature is refused by name of what it lacks: %s', async (_what, params, code, detail) => {
    expect(await post(params, values())).toEqual([401, code, expect.stringContaining(detail)]);
  });

  test('a signature is refused by name of what it lacks: an agent id as keyid: a public key signs a registration only', async () => {
    const { publicKey } = alice.keys;
    const { headers } = byHand({ method: 'GET', path: balance() }, `;created=${noon}`, values());
    const named = { ...headers, 'Signature-Input': headers['Signature-Input'].replace(alice.id, publicKey) };
    expect(await outcome('GET', balance(), { headers: named })).toEqual([
      401,
      'unauthenticated',
      expect.stringContaining('keyid'),
    ]);
  });
});

test('a nonce is spent once, by its agent alone, and only by a request that verified', async () => {
  const headers = alice.signHttp('POST', deposit(), { body });
  const forged = { ...headers, Signature: `sig1=:${Buffer.alloc(64).toString('base64')}:` };
  expect((await outcome('POST', deposit(), { body, headers: forged })).slice(0, 2)).toEqual([
    401,
    'invalid_signature',
  ]);
  expect((await outcome('POST', deposit(), { body, headers })).slice(0, 2)).toEqual([200, 'done']);
  expect((await outcome('POST', deposit(), { body, headers })).slice(0, 2)).toEqual([401, 'nonce_replayed']);
});

test('where both schemes sign, RFC 9421 decides, and what fails by it is not saved by AgentSig', async () => {
  const stranger = agentWith(api, alice.id, generateKeyPair());
  const both = { ...stranger.sign('GET', balance()), ...alice.signHttp('GET', balance()) };
  expect((await call(api, 'GET', balance(), { headers: both })).status).toBe(200);
  const failing = { ...alice.sign('GET', balance()), ...stranger.signHttp('GET', balance()) };
  expect((await call(api, 'GET', balance(), { headers: failing })).body.code).toBe('invalid_signature');
  const broken = { ...alice.sign('GET', balance()), 'Signature-Input': 'sig1=(' };
  expect((await call(api, 'GET', balance(), { headers: broken })).body.code).toBe('unauthenticated');
});

test('a signature of another tag is nothing to the registry', async () => {
  const bot = {
    'Signature-Input': 'bot=("@authority");created=1;keyid="x";tag="web-bot-auth"',
    Signature: 'bot=:AAAA:',
  };
  const headers = { ...bot, ...alice.sign('GET', balance()) };
  expect((await call(api, 'GET', balance(), { headers })).status).toBe(200);
  expect((await call(api, 'GET', balance(), { headers: bot })).body.code).toBe('unauthenticated');
});

test('a 401 says by Accept-Signature what this very request needs', async () => {
  const accepted = async (method: string, path: string, options: CallOptions = {}) =>
    (await call(api, method, path, options)).headers.get('accept-signature');
  const end = ';created;alg="ed25519";tag="agent-registry"';
  expect(await accepted('GET', balance())).toBe(`sig1=("@method" "@target-uri")${end}`);
  expect(await accepted('POST', deposit(), { body, headers: { 'Idempotency-Key': 'a' } })).toBe(
    `sig1=("@method" "@target-uri" "content-digest" "idempotency-key")${end}`,
  );
});
