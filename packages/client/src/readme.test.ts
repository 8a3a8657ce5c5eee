import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWebhookSecret, signWebhook } from '@agent-registry/signing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const client = new URL('./index.ts', import.meta.url).href;
const hasPython = spawnSync('python3', ['--version']).status === 0;
let directory: string;
const secret = createWebhookSecret();

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'client-readme-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function snippets(language: string): string[] {
  const fences = readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'));
  return [...fences].map((match) => match[1] ?? '');
}

async function runTypeScript(source: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(directory, 'snippet.mts');
  writeFileSync(file, source.replace("'@agent-registry/client'", JSON.stringify(client)));
  const flags = ['--disable-warning=ExperimentalWarning', file];
  return (await run(process.execPath, [...flags, ...args], { env: { ...process.env, ...env } })).stdout;
}

async function runPython(source: string, args: string[]): Promise<string> {
  const file = join(directory, 'snippet.py');
  writeFileSync(file, source);
  return (await run('python3', ['-I', file, ...args])).stdout;
}

test('the receiver of the README gives the event to its handler', async () => {
  const event = { event: 'job.proposed', job_id: 'j-1', timestamp: 't', data: { client_agent_id: 'a-1' } };
  const text = JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = signWebhook({ secrets: [secret], deliveryId: 'd-1', timestamp, body: text });
  const source = `${snippets('ts')[0]}
    const [headers, body] = process.argv.slice(2);
    const request = new Request('http://agent/', { method: 'POST', headers: JSON.parse(headers), body });
    console.log((await receiver.fetch(request)).status);`;
  const out = await runTypeScript(source, [JSON.stringify(headers), text], { WEBHOOK_SECRET: secret });
  expect(out).toBe('j-1 a-1\n204\n');
});

const body = JSON.stringify({
  event: 'job.accepted',
  job_id: null,
  timestamp: '2026-03-01T12:00:00Z',
  data: { agreed_price: '12.50', accepted_by: 'Zoë' },
});

/** What a receiver may get, and what it must answer. */
function deliveries(): { name: string; headers: Record<string, string>; body: string; answer: number }[] {
  const now = Math.floor(Date.now() / 1000);
  const sign = (secrets: string[], timestamp: number) =>
    signWebhook({ secrets, deliveryId: '01930000-0000-7000-8000-0000000000d1', timestamp, body });
  const good = sign([secret], now);
  return [
    { name: 'genuine', headers: good, body, answer: 204 },
    {
      name: 'genuine, while the secret changes',
      headers: sign([createWebhookSecret(), secret], now),
      body,
      answer: 204,
    },
    { name: 'altered', headers: good, body: body.replace('12.50', '92.50'), answer: 401 },
    { name: 'of another secret', headers: sign([createWebhookSecret()], now), body, answer: 401 },
    { name: 'old', headers: sign([secret], now - 400), body, answer: 401 },
    { name: 'unsigned', headers: {}, body, answer: 401 },
    { name: 'of a malformed time', headers: { ...good, 'webhook-timestamp': 'soon' }, body, answer: 401 },
    {
      name: 'of a malformed signature',
      headers: { ...good, 'webhook-signature': 'v1,é' },
      body,
      answer: 401,
    },
  ];
}

describe('a receiver as in the README answers as it should', () => {
  const expected = Object.fromEntries(deliveries().map(({ name, answer }) => [name, answer]));

  test('the README’s receiver in TypeScript answers as it should', async () => {
    const source = `${snippets('ts')[1]}
      console.log = () => undefined;
      const answers = JSON.parse(process.argv[2]).map((d) => [d.name, receive(d.headers, d.body, process.argv[3])]);
      process.stdout.write(JSON.stringify(Object.fromEntries(answers)));`;
    const out = await runTypeScript(source, [JSON.stringify(deliveries()), secret]);
    expect(JSON.parse(out)).toEqual(expected);
  });

  (hasPython ? test : test.skip)(`in Python${hasPython ? '' : ': no python3 on the PATH'}`, async () => {
    const source = `${snippets('python')[0]}
import json, sys
answers = {d["name"]: receive(d["headers"], d["body"].encode(), sys.argv[2]) for d in json.loads(sys.argv[1])}
sys.stdout.write(json.dumps(answers))`;
    const out = await runPython(source, [JSON.stringify(deliveries()), secret]);
    expect(JSON.parse(out)).toEqual(expected);
  });
});
