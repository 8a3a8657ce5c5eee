// Outages that do not look like outages: a Postgres that answers and cannot write.
import { moveToSmallDisk, whyNoSmallDisk } from '@agent-registry/db/testing';
import { beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { TestAgent } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { mustBecome, statusOf } from './testing/parts.ts';

jest.setTimeout(240_000);
const DATABASE = 'agent_registry';
const stack = useE2eStack({}, { runner: false });
let agent: TestAgent;
let superuser: pg.Client;

beforeAll(async () => {
  const town = await stack.openTown({ maxRetries: 0, timeoutMs: 30_000 });
  agent = await town.settle('agent');
  const url = new URL(stack.database.url('superuser'));
  url.pathname = '/postgres';
  superuser = new pg.Client({ connectionString: url.href });
  await superuser.connect();
  stack.defer(() => superuser.end());
});

const isReady = (status: number) => async () => (await statusOf(`${stack.apiUrl}/ready`)) === status;
const write = () => agent.client.depositCredits({ amount: '1.00' });
const cut = () =>
  superuser.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${DATABASE}'`,
  );

test('while Postgres is failed over to a server that takes no writes: 503, not ready; then every write succeeds at once', async () => {
  await superuser.query(`ALTER DATABASE ${DATABASE} SET default_transaction_read_only = on`);
  await cut();
  await mustBecome('the api is not ready', isReady(503));
  await expect(write()).rejects.toMatchObject({ status: 503, code: 'unavailable' });
  expect(await statusOf(`${stack.apiUrl}/v1/agents/${agent.agentId}`)).toBe(200);

  await superuser.query(`ALTER DATABASE ${DATABASE} RESET default_transaction_read_only`);
  await mustBecome('the api is ready', isReady(200));
  const writes = await Promise.allSettled(Array.from({ length: 32 }, write));
  expect(writes.filter(({ status }) => status === 'rejected')).toEqual([]);
});

const withDisk = whyNoSmallDisk() === null ? test : test.skip;
withDisk(
  'while the disk is full: 503, not ready; with room again all is well (skipped where nothing can be mounted)',
  async () => {
    for (const part of ['api', 'dispatcher'] as const) await stack.stopService(part);
    await cut();
    const server = new URL(stack.database.url('superuser'));
    server.pathname = '/postgres';
    const disk = await moveToSmallDisk(server.href, DATABASE);
    for (const part of ['dispatcher', 'api'] as const) await stack.startService(part);
    await write();
    disk.fill();
    await mustBecome('the api is not ready', isReady(503));
    expect(await statusOf(`${stack.apiUrl}/health`)).toBe(200);

    disk.empty();
    await mustBecome('the api is ready', isReady(200));
    await write();
    for (const part of ['api', 'dispatcher'] as const) await stack.stopService(part);
    await cut();
    await superuser.query(`ALTER DATABASE ${DATABASE} SET TABLESPACE pg_default`);
    await disk.remove();
  },
);
