// The fifth bad day: PLATFORM_SIGNING_KEY has leaked. It is replaced while agents are served; at the end the old one opens nothing.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Stack, startStack } from '@agent-registry/stack';
import { afterAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { openTown, type Town } from '../testing/index.ts';
import { mustBecome } from './testing/parts.ts';

jest.setTimeout(240_000);
const run = promisify(execFile);
const reseal = fileURLToPath(new URL('../../../../apps/dispatcher/src/reseal-secrets.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'agent-registry-drill-'));
chmodSync(dataDir, 0o711); // Postgres, which runs as another OS user under root, must be able to traverse it.
let stack: Stack | null = null;
let town: Town | null = null;

afterAll(async () => {
  await town?.close();
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const secretsFile = join(dataDir, 'secrets.json');
const readSecrets = () => JSON.parse(readFileSync(secretsFile, 'utf8')) as { platformSigningKey: string };

/** Starts the services anew, with the key that is current now and those that are still accepted. */
async function release(ports: Stack['ports'] | 'free', accepted: string): Promise<Stack> {
  await stack?.stop();
  const overrides = { PLATFORM_SIGNING_KEYS_ACCEPTED: accepted };
  stack = await startStack({ dataDir, ports, overrides, env: { PATH: process.env.PATH }, runner: false });
  return stack;
}

/** The ids of the keys that the agents' webhook secrets are sealed with. */
async function sealedWith({ database }: Stack): Promise<Set<string>> {
  const db = new pg.Client({ connectionString: database.url('registry_owner') });
  await db.connect();
  const { rows } = await db.query<{ webhook_secret: string }>('SELECT webhook_secret FROM agents');
  await db.end();
  return new Set(rows.map(({ webhook_secret }) => webhook_secret.split('.')[1] ?? '')); // s1.<key id>.…
}

test('agents are served throughout, and at the end nothing is left that the old key opens', async () => {
  let now = await release('free', '');
  town = await openTown({ baseUrl: now.apiUrl, maxRetries: 5, timeoutMs: 30_000 });
  const agent = await town.settle('agent');
  const leaked = readSecrets().platformSigningKey;
  const pings = () => town?.arrivals.length ?? 0;
  const ping = async () => {
    const before = pings();
    await agent.client.testWebhook();
    await mustBecome('a signed webhook comes', () => pings() > before);
  };
  await ping();

  // 1. A new key; the leaked one still opens what it sealed.
  const fresh = randomBytes(32).toString('base64url');
  writeFileSync(secretsFile, JSON.stringify({ ...readSecrets(), platformSigningKey: fresh }));
  now = await release(now.ports, leaked);
  await ping();

  // 2. Everything is sealed anew.
  const before = await sealedWith(now);
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', reseal], {
    cwd: dataDir,
    env: {
      DATABASE_URL: now.database.url('registry_dispatcher'),
      PLATFORM_SIGNING_KEY: fresh,
      PLATFORM_SIGNING_KEYS_ACCEPTED: leaked,
      TASKS_PROJECT: 'agent-registry',
      TASKS_SERVICE_ACCOUNT: 'tasks@agent-registry.iam.gserviceaccount.com',
      DISPATCHER_URL: now.dispatcherUrl,
      TEST_RUNNER_URL: now.runnerUrl,
      OIDC_AUDIENCE: now.dispatcherUrl,
      OIDC_ALLOWED_EMAILS: 'tasks@agent-registry.iam.gserviceaccount.com',
      LOG_LEVEL: 'warn',
    },
  });
  expect(stdout).toContain("1 agents' secrets, 0 jobs' and 0 checks' hidden cases sealed anew");
  expect([...(await sealedWith(now))].filter((sealed) => before.has(sealed))).toEqual([]);

  // 3. The leaked key is taken away.
  now = await release(now.ports, '');
  await ping();
  expect(town.refused).toEqual([]);

  // 4. Who had key and database knew the agents' secrets: each gets a new one, and the old one serves until the overlap ends.
  const rotated = await agent.client.rotateWebhookSecret();
  expect(rotated.webhook_secret).not.toBe(agent.webhookSecret);
});
