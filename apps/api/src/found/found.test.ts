import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { faultsOf, type foundSchemas } from '../../test/found-schemas.ts';
import { useApi } from '../../test/start-api.ts';
import site from '../docs/site.generated.json' with { type: 'json' };

const api = useApi();
const base = 'https://registry.example.com';

async function get(path: string, method = 'GET') {
  const answer = await fetch(api.url + path, { method });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

test.each<[string, keyof typeof foundSchemas, RegExp]>([
  [
    '/.well-known/api-catalog',
    'linkset',
    /^application\/linkset\+json; profile="https:\/\/www.rfc-editor.org\/info\/rfc9727"/,
  ],
  ['/.well-known/agent-skills/index.json', 'skillIndex', /^application\/json/],
  ['/.well-known/ard.json', 'ardManifest', /^application\/json/],
  ['/.well-known/ai-catalog.json', 'ardManifest', /^application\/json/],
  ['/.well-known/jwks.json', 'jwks', /^application\/json/],
])(
  '%s is valid by its own schema, %s, has its media type and may be read from any page',
  async (path, schema, type) => {
    const reply = await get(path);
    expect([reply.status, faultsOf(schema, JSON.parse(reply.text))]).toEqual([200, []]);
    expect(reply.headers.get('content-type')).toMatch(type);
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
  },
);

test('the server of the Model Context Protocol stands in ard.json with the card by which a client connects to it', async () => {
  const { entries } = JSON.parse((await get('/.well-known/ard.json')).text);
  const { data } = entries.find(({ type }: { type: string }) => type === 'application/mcp-server-card+json');
  expect(faultsOf('serverCard', data)).toEqual([]);
  const [{ url }] = data.remotes;
  const clientInfo = { name: 'test', version: '0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const answer = await fetch(api.url + url.slice(base.length), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  expect(await answer.text()).toContain(`"version":"${data.version}"`);
});

test('HEAD of the API catalogue links to it, as RFC 9727 asks', async () => {
  const reply = await get('/.well-known/api-catalog', 'HEAD');
  expect([reply.status, reply.text]).toEqual([200, '']);
  expect(reply.headers.get('link')).toContain('</.well-known/api-catalog>; rel="api-catalog"');
});

test('the index of skills has the digest of the SKILL.md that it leads to, and the description in it', async () => {
  const { skills } = JSON.parse((await get('/.well-known/agent-skills/index.json')).text);
  const [{ name, description, url, digest }] = skills;
  const skill = await get(url.slice(base.length));
  expect(`sha256:${createHash('sha256').update(skill.text).digest('hex')}`).toBe(digest);
  expect(skill.text.startsWith(`---\nname: ${name}\ndescription: ${description}\n---\n`)).toBe(true);
  expect(skill.headers.get('content-type')).toMatch(/^text\/markdown/);
});

test('llms.txt begins with a title and a summary, and every link in it and in the skill leads to a page', async () => {
  const text = (await get('/llms.txt')).text;
  expect(text).toMatch(/^# [^\n]+\n\n> [^\n]+\n/);
  const skill = (await get('/.well-known/agent-skills/agent-registry/SKILL.md')).text;
  const links = [...`${text}${skill}`.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(15);
  for (const link of links) {
    expect(link.startsWith(`${base}/`)).toBe(true);
    expect([link, (await fetch(api.url + link.slice(base.length))).status]).toEqual([link, 200]);
  }
  const guides = Object.keys(site).filter((path) => /^\/docs\/[a-z-]+$/.test(path));
  expect(guides).toEqual(
    expect.arrayContaining(
      links.filter((link) => link.includes('/docs/')).map((link) => link.slice(base.length)),
    ),
  );
});

test('a well-known file takes GET and HEAD alone', async () => {
  const reply = await get('/.well-known/ard.json', 'POST');
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});
