import { beforeAll, describe, expect, test } from '@jest/globals';
import { agentWith, call, newAgent, type TestAgent } from '../../test/call.ts';
import { OPERATOR_KEY, useApi } from '../../test/start-api.ts';

const api = useApi();
let agent: TestAgent;
beforeAll(async () => {
  agent = await newAgent(api);
});

describe('OPTIONS', () => {
  test.each([
    ['/v1/health', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
    ['/v1/jobs', 'GET, HEAD, OPTIONS, POST'],
    ['/v1/agents/:id', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
  ])('OPTIONS of %s is 204 with what the path takes, as a preflight asks', async (path, allow) => {
    const { status, headers, text } = await call(api, 'OPTIONS', path.replace(':id', agent.id), {
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect([status, text, headers.get('allow'), headers.get('access-control-allow-methods')]).toEqual([
      204,
      '',
      allow,
      allow,
    ]);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const names = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ');
    expect(names).toEqual(
      expect.arrayContaining([
        'authorization',
        'x-timestamp',
        'x-nonce',
        'signature',
        'signature-input',
        'content-digest',
        'content-type',
        'idempotency-key',
        'prefer',
      ]),
    );
  });

  test('OPTIONS of what is not there is 404', async () => {
    expect((await call(api, 'OPTIONS', '/v1/nothing')).status).toBe(404);
  });

  test('OPTIONS of an operators’ path is 404 without a key, and opens nothing to pages with one', async () => {
    const without = await call(api, 'OPTIONS', '/v1/operator/audit');
    const withKey = await call(api, 'OPTIONS', '/v1/operator/audit', {
      headers: { 'X-Operator-Key': OPERATOR_KEY },
    });
    expect([without.status, withKey.status, withKey.headers.get('allow')]).toEqual([
      404,
      204,
      'GET, HEAD, OPTIONS',
    ]);
    for (const { headers } of [without, withKey]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

test('a page may read an answer with its limits, its wait and its links, also where it is refused', async () => {
  const stranger = agentWith(api, '00000000-0000-7000-8000-000000000000', agent.keys);
  for (const reply of [await agent.call('GET', '/v1/jobs'), await stranger.call('GET', '/v1/jobs')]) {
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = (reply.headers.get('access-control-expose-headers') ?? '').split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining([
        'RateLimit',
        'X-RateLimit-Remaining',
        'Retry-After',
        'Location',
        'Link',
        'ETag',
        'WWW-Authenticate',
        'Accept-Signature',
        'Idempotency-Replayed',
      ]),
    );
  }
});
