// The bundles, each with exactly the variables that its rendered manifest injects. Three differ, because this is no container: the
// address and port to listen on, and the directory that stands for /cloudsql.

import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describeMigrations, describeService, ENVIRONMENTS, smokeTest } from '@agent-registry/infra';
import { fakeValues } from '@agent-registry/infra/testing';
import { findFreePort, type RunningPostgres, startPostgres } from '@agent-registry/servers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { APPS, type App } from './apps.ts';
import { bundleApp } from './bundle-app.ts';
import { type DeployedProcess, launch, launchService } from './testing/deployed-process.ts';

jest.setTimeout(120_000);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const environment = ENVIRONMENTS.staging;
const instance = `${environment.project}:${environment.region}:${environment.sql.instance}`;
const stopWithinMs = 10_000;

const directory = mkdtempSync(join(tmpdir(), 'ar-'));
const sockets = join(directory, 'cloudsql');
const processes: DeployedProcess[] = [];
let postgres: RunningPostgres;

const program = (app: App, name = 'main.js'): string => join(directory, app, name);

async function environmentOf(app: App): Promise<Record<string, string>> {
  const entries = describeService(app, environment).spec.template.spec.containers[0]?.env ?? [];
  const port = String(await findFreePort());
  return { ...fakeValues(entries), HOST: '127.0.0.1', PORT: port, DB_SOCKET_DIR: sockets };
}

async function start(app: App, env?: Record<string, string>): Promise<DeployedProcess> {
  const started = await launchService(program(app), env ?? (await environmentOf(app)));
  processes.push(started);
  return started;
}

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
};

async function statement(url: string, ...sql: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const line of sql) await client.query(line);
  await client.end();
}

/** The roles as the checklist has a person make them. */
async function prepareRoles(): Promise<void> {
  const login = (role: string, password: string) =>
    `CREATE ROLE registry_${role} LOGIN PASSWORD '${password}'`;
  await statement(postgres.url, 'CREATE DATABASE agent_registry');
  const url = new URL(postgres.url);
  url.pathname = '/agent_registry';
  await statement(
    url.href,
    login('owner', 'owner-password'),
    login('api', 'api-password'),
    login('dispatcher', 'dispatcher-password'),
    'CREATE EXTENSION pg_trgm',
    'GRANT USAGE, CREATE ON SCHEMA public TO registry_owner',
  );
}

const migrate = () => {
  const env = describeMigrations(environment).spec.template.spec.template.spec.containers[0]?.env ?? [];
  return launch(program('api', 'migrate.js'), { ...fakeValues(env), DB_SOCKET_DIR: sockets });
};

beforeAll(async () => {
  for (const app of APPS) await bundleApp({ root, app, outDir: directory });
  chmodSync(directory, 0o755); // Postgres runs as another user when this one is root.
  mkdirSync(sockets);
});
afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await postgres?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a database that is not ready keeps /ready at 503 and /health at 200, until it is', async () => {
  const { url } = await start('api');
  expect([await statusOf(`${url}/ready`), await statusOf(`${url}/health`)]).toEqual([503, 200]);

  const socketDir = join(sockets, instance);
  postgres = await startPostgres({ ephemeral: true, port: 0, socketDir });
  symlinkSync(`.s.PGSQL.${postgres.port}`, join(socketDir, '.s.PGSQL.5432')); // Cloud SQL's name for it.
  await prepareRoles();
  // The database is there and its schema is not.
  expect([await statusOf(`${url}/ready`), await statusOf(`${url}/health`)]).toEqual([503, 200]);

  // Two deploys at once: one waits for the other.
  const runs = [migrate(), migrate()];
  expect(await Promise.all(runs.map(({ exited }) => exited))).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(await statusOf(`${url}/ready`)).toBe(200);
});

describe.each(APPS)('%s', (app) => {
  test('the service starts with the environment of its manifest and passes the smoke test', async () => {
    const { url } = await start(app);
    const failed = (await smokeTest(app, url)).filter(({ problem }) => problem !== null);
    expect(failed).toEqual([]);
  });
});

test.each(['api', 'test-runner'] as const)(
  'the thread that checks criteria runs from the bundle of %s',
  async (app) => {
    const thread = new Worker(program(app, 'criteria-thread.js'), { execArgv: [], env: {} });
    const messages: unknown[] = [];
    thread.on('message', (message) => messages.push(message));
    await once(thread, 'message');
    const tests = [{ test_id: 'a', type: 'assertion', params: { expression: 'output.ok' } }];
    thread.postMessage({ value: { tests }, options: { offeredRuntimes: [] } });
    await once(thread, 'message');
    const value = { script: Buffer.from('exit(').toString('base64'), runtime: 'javascript' };
    thread.postMessage({ value, options: { offeredRuntimes: ['javascript'], isProposal: true } });
    await once(thread, 'message');
    await thread.terminate();
    expect(messages).toEqual([
      'ready',
      { ok: true, criteria: expect.objectContaining({ minPass: 1 }) },
      { ok: false, errors: [{ path: 'script', message: expect.stringContaining('does not parse') }] },
    ]);
  },
);

test('SIGTERM in mid-request: the request finishes, no new one is taken, exit 0 in time', async () => {
  const { url, child, exited, lines } = await start('api');
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.once('close', () => resolve(text));
    socket.once('error', reject);
  });
  socket.write(
    'POST /v1/agents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{',
  );
  // Its neighbour's answer says that the server has read what came before it.
  await statusOf(`${url}/health`);
  const startedAt = performance.now();
  child.kill('SIGTERM');
  const isRefusing = async (): Promise<void> => {
    for (let taken = true; taken; )
      taken = await statusOf(`${url}/health`).then(
        () => true,
        () => false,
      );
  };
  await isRefusing();
  socket.write('}');
  expect(await answer).toMatch(/^HTTP\/1\.1 4\d\d .*\r\n/);
  expect(await exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeLessThan(stopWithinMs);
  expect(lines.join('\n')).toContain('stopping');
});

test('the same program reads a .env in its directory instead', async () => {
  const {
    DB_INSTANCE: _i,
    DB_NAME: _n,
    DB_USER: _u,
    DB_PASSWORD: _p,
    DB_SOCKET_DIR: _d,
    ...rest
  } = await environmentOf('api');
  const url = new URL(postgres.url);
  Object.assign(url, { pathname: '/agent_registry', username: 'registry_api', password: 'api-password' });
  const local = join(directory, 'local');
  mkdirSync(local);
  const lines = Object.entries({ ...rest, DATABASE_URL: url.href }).map(
    ([name, value]) => `${name}='${value.trim()}'`,
  );
  writeFileSync(join(local, '.env'), `${lines.join('\n')}\n`);
  const started = await launchService(program('api'), { PORT: rest.PORT ?? '' }, local);
  processes.push(started);
  expect(await statusOf(`${started.url}/ready`)).toBe(200);
});

test('what is missing is named in one message, and nothing starts', async () => {
  const { lines, exited } = launch(program('dispatcher'), { PORT: '8080' });
  expect(await exited).toEqual({ code: 1, signal: null });
  const said = lines.join('\n');
  for (const variable of [
    'DATABASE_URL',
    'PLATFORM_SIGNING_KEY',
    'TEST_RUNNER_URL',
    'OIDC_AUDIENCE',
    'TASKS_PROJECT',
  ])
    expect(said).toContain(variable);
});
