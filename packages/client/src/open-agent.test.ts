import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPair, readPrivateKey } from './keys.ts';
import { agentFromEnvironment, openAgent } from './open-agent.ts';
import {
  type Answer,
  isSignedBy,
  type ScriptedServer,
  startScriptedServer,
} from './testing/scripted-server.ts';

const agentId = '01930000-0000-7000-8000-000000000001';
const made: Answer = { status: 201, body: { agent_id: agentId, webhook_secret: 'whsec_x' } };
let directory: string;
let file: string;
let server: ScriptedServer;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'open-agent-'));
  file = join(directory, 'agents', 'alice.json');
});
afterEach(async () => {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(answers: Answer[]) {
  server = await startScriptedServer(answers);
  return openAgent({ baseUrl: server.baseUrl, maxRetries: 0 }, file, { display_name: 'Alice' });
}
const stored = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

describe('openAgent', () => {
  test('openAgent registers at the first start and keeps the key for its owner alone', async () => {
    await expect(open([made])).resolves.toMatchObject({ agentId, webhookSecret: 'whsec_x', isNew: true });
    expect(stored()).toMatchObject({ agent_id: agentId, webhook_secret: 'whsec_x' });
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('openAgent is the same agent at the next start, and does not register again', async () => {
    await open([made]);
    const { baseUrl } = server;
    const again = await openAgent({ baseUrl }, file, { display_name: 'Alice' });
    expect(again).toMatchObject({ agentId, isNew: false });
    expect(server.seen).toHaveLength(1);
  });

  test('openAgent registers under the same key and idempotency key after a crash in the middle', async () => {
    await expect(open(['drop'])).rejects.toThrow('no answer');
    const { publicKey } = readPrivateKey(stored().private_key!);
    const first = server.seen[0]!;
    await server.close();
    server = await startScriptedServer([made]);
    writeFileSync(file, JSON.stringify({ ...stored(), registry: server.baseUrl }));
    await openAgent({ baseUrl: server.baseUrl }, file, { display_name: 'Alice' });
    expect(isSignedBy(publicKey, server.seen[0]!)).toBe(true);
    expect(server.seen[0]!.headers['idempotency-key']).toBe(first.headers['idempotency-key']);
  });

  test('openAgent makes one agent where several processes start at once: all use the key of the first', async () => {
    server = await startScriptedServer([made]);
    const { baseUrl } = server;
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openAgent({ baseUrl }, file, { display_name: 'Alice' })),
    );
    expect(new Set(opened.map(({ agentId: id }) => id)).size).toBe(1);
    const { publicKey } = readPrivateKey(stored().private_key!);
    const registered = server.seen.map(({ body }) => (JSON.parse(body) as { public_key: string }).public_key);
    expect(new Set(registered)).toEqual(new Set([publicKey]));
    expect(readdirSync(dirname(file))).toEqual(['alice.json']);
  });

  test('openAgent takes the key of a file in whatever form a private key is read', async () => {
    const balance: Answer = { status: 200, body: {} };
    await open([made, balance, balance]);
    const { private_key: seed, ...rest } = stored();
    const { publicKey } = readPrivateKey(seed!);
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
      format: 'pem',
      type: 'pkcs8',
    });
    for (const spelled of [pem, `${seed}\n`]) {
      writeFileSync(file, JSON.stringify({ ...rest, private_key: spelled }));
      const again = await openAgent({ baseUrl: server.baseUrl }, file, { display_name: 'Alice' });
      await again.client.getBalance({ agent_id: agentId });
      expect(isSignedBy(publicKey, server.seen.at(-1)!)).toBe(true);
    }
  });

  test('openAgent knows its registry by the address, with a slash at the end or without', async () => {
    await open([made]);
    const again = await openAgent({ baseUrl: `${server.baseUrl}/` }, file, { display_name: 'Alice' });
    expect(again.isNew).toBe(false);
  });

  test.each([
    ['no JSON', 'Alice', 'holds no agent'],
    ['no key', '{"registry":"http://localhost:8000"}', 'holds no agent'],
    [
      'another registry',
      JSON.stringify({ registry: 'http://x', private_key: '0'.repeat(64) }),
      'not of http',
    ],
  ])('openAgent refuses a file with %s and leaves it as it is', async (_, text, message) => {
    file = join(directory, 'alice.json');
    writeFileSync(file, text);
    await expect(open([made])).rejects.toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('a private key', () => {
  test('a private key is read from PEM as OpenSSL writes it, and from hex', () => {
    const pair = generateKeyPairSync('ed25519');
    const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex');
    const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(readPrivateKey(pem)).toEqual(readPrivateKey(` ${seed.toUpperCase()}\n`));
  });

  test.each(['', 'secret-that-must-not-show', '0'.repeat(63)])(
    'a private key that is none (case %#) is refused without being shown',
    (text) => {
      expect(() => readPrivateKey(text)).toThrow(
        'a private key is 64 hex digits, or Ed25519 in PEM (PKCS #8)',
      );
    },
  );

  test('a private key of another algorithm is refused', () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
    });
    expect(() => readPrivateKey(pem.toString())).toThrow('Ed25519');
  });
});

describe('agentFromEnvironment', () => {
  const env = {
    AGENT_REGISTRY_URL: 'http://localhost:8000',
    AGENT_REGISTRY_AGENT_ID: agentId,
    AGENT_REGISTRY_PRIVATE_KEY: generateKeyPair().privateKey,
  };

  test('agentFromEnvironment acts for the agent that the environment names', () => {
    expect(agentFromEnvironment(env).agentId).toBe(agentId);
  });

  test.each(Object.keys(env))('agentFromEnvironment names %s when it is missing', (name) => {
    expect(() => agentFromEnvironment({ ...env, [name]: '' })).toThrow(`${name} is not set`);
  });
});
