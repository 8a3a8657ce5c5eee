import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { JOB_ACTIONS, JOB_RULES } from '@agent-registry/domain';
import { ERROR_CODES, EVENT_TYPES } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { call } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';
import * as routes from '../routes.ts';
import site from './site.generated.json' with { type: 'json' };

const api = useApi();

test('the OpenAPI document holds every route, every event and every error code', async () => {
  const { body } = await call(api, 'GET', '/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(body.servers[0].url).toBe('https://registry.example.com/v1');
  for (const { contract } of Object.values(routes)) {
    for (const path of [contract.path, ...(contract.aliases ?? [])]) {
      expect(body.paths[path.replaceAll(/:([a-z_]+)/g, '{$1}')]).toHaveProperty(
        contract.method.toLowerCase(),
      );
    }
  }
  expect(Object.keys(body.webhooks)).toEqual(EVENT_TYPES);
  expect(body.components.schemas.Problem.properties.code.$ref).toBe('#/components/schemas/ErrorCode');
  expect(body.components.schemas.ErrorCode.enum).toEqual(Object.keys(ERROR_CODES));
  expect(Object.keys(body.components.securitySchemes)).toEqual(['HttpSignature', 'AgentSig', 'OperatorKey']);
});

test('every reference in it leads somewhere', async () => {
  const { body, text } = await call(api, 'GET', '/v1/openapi.json');
  for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = pointer.split('/').reduce((at: Record<string, unknown>, key) => at?.[key] as never, body);
    expect([pointer, found]).toEqual([pointer, expect.anything()]);
  }
});

const pages = Object.keys(site).filter((path) => !/\.\w+$/.test(path));
const idsOf = (html: string) => new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));

test('every page of the documentation needs nothing from elsewhere and holds no script or style of its own', async () => {
  for (const path of pages) {
    const reply = await fetch(api.url + path);
    const text = await reply.text();
    expect([path, reply.status, reply.headers.get('content-type')]).toEqual([
      path,
      200,
      'text/html; charset=utf-8',
    ]);
    expect(reply.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'/,
    );
    const loaded = [...text.matchAll(/<(?:script|link|img|iframe)[^>]*>/g)].map(([tag]) => tag);
    expect(loaded).toEqual([
      '<link rel="stylesheet" href="/docs/site.css">',
      '<script src="/docs/site.js" defer>',
    ]);
    expect(text).not.toMatch(/<style| style=| on[a-z]+=/);
  }
});

test('every link of the documentation leads to a page that is there, and to a place in it', async () => {
  const texts = new Map<string, string>(Object.entries(site));
  for (const path of pages) {
    for (const [, href = ''] of texts.get(path)!.matchAll(/<a [^>]*href="([^"]+)"/g)) {
      if (href === '/openapi.json' || href.startsWith('https://')) continue;
      const [target = '', id] = href.split('#');
      const found = texts.get(target === '' ? path : target);
      expect([path, href, found !== undefined]).toEqual([path, href, true]);
      if (id !== undefined) expect([path, href, idsOf(found!).has(id)]).toEqual([path, href, true]);
    }
  }
});

test('an address of the former single page leads from the start to the place of today', () => {
  const start = site['/docs'];
  for (const { contract } of Object.values(routes)) {
    const page = `/docs/reference/${contract.tag.toLowerCase()}`;
    expect(start).toContain(`<a id="${contract.id}" href="${page}#${contract.id}">`);
  }
  for (const code of Object.keys(ERROR_CODES))
    expect(start).toContain(`<a id="${code}" href="/docs/errors#${code}">`);
});

/** As it comes over the wire: fetch would inflate it, and say nothing of its size. */
function getRaw(path: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      get(api.url + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      }).on('error', reject);
    },
  );
}

test.each(['/openapi.json', '/v1/docs', '/docs/reference/jobs'])(
  '%s comes small to who takes it so, and not at all to who has it',
  async (path) => {
    const plain = await getRaw(path, {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const inflate = { br: brotliDecompressSync, gzip: gunzipSync };
    const tags = new Set([plain.headers.etag]);
    for (const encoding of ['br', 'gzip'] as const) {
      const packed = await getRaw(path, { 'Accept-Encoding': encoding });
      expect(packed.headers).toMatchObject({
        'content-encoding': encoding,
        'cache-control': 'public, max-age=300',
      });
      expect(packed.headers.vary).toContain('Accept-Encoding');
      expect(packed.body.length).toBeLessThan(plain.body.length / 4);
      expect(inflate[encoding](packed.body).equals(plain.body)).toBe(true);
      const tag = String(packed.headers.etag);
      tags.add(tag);
      const known = await getRaw(path, { 'Accept-Encoding': encoding, 'If-None-Match': `"other", W/${tag}` });
      expect([known.status, known.headers.etag, known.body.length]).toEqual([304, tag, 0]);
    }
    expect(tags.size).toBe(3);
    expect((await getRaw(path, { 'If-None-Match': '"other"' })).status).toBe(200);
  },
);

test.each([
  ['/fees', 'private, max-age=300'],
  ['/listings', 'no-store'],
])('an answer of %s may be used again as far as a stale one does no harm: %s', async (path, control) => {
  expect((await call(api, 'GET', path)).headers.get('cache-control')).toBe(control);
});

test('the service says that it is alive, and that it is ready', async () => {
  expect((await call(api, 'GET', '/health')).body).toEqual({ status: 'ok' });
  const ready = await call(api, 'GET', '/v1/ready');
  expect(ready.body).toMatchObject({
    status: 'ready',
    checks: {
      database: { ready: true, pending_migrations: [] },
      redis: { ready: true },
      service: { ready: true },
    },
  });
});

test('the guide shows every action of the job machine, in each state that takes it, with where it leads', () => {
  const text = site['/docs/jobs'];
  const rows = new Map(
    [...text.matchAll(/<tr><td><code>(\w+)<\/code><\/td><td>(.*?)<\/td><\/tr>/g)].map(([, state, exits]) => [
      state,
      exits,
    ]),
  );
  const drawn = new Set([...text.matchAll(/<tspan[^>]*>(\w+)<\/tspan>/g)].map(([, action]) => action));
  for (const action of JOB_ACTIONS) {
    const { from, to, by } = JOB_RULES[action];
    const exit = `<code>${action}</code> (${by})${to === null ? '' : ` → <code>${to}</code>`}`;
    for (const state of from) expect(rows.get(state)).toContain(exit);
    if (to !== null) expect(drawn).toContain(action);
  }
  expect(rows.get('completed')).toBe('final');
});
