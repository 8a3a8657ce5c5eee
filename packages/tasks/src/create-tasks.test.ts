import type { TaskSpec } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { createTasks } from './create-tasks.ts';
import { createTasksClient, type TasksClient } from './tasks-client.ts';

const spec = (serial: number): TaskSpec => ({
  queue: 'job-deadline',
  taskId: String(serial).padStart(32, '0'),
  path: '/internal/job-deadline',
  body: { serial },
  scheduleAt: null,
});
const specs = Array.from({ length: 100 }, (_, serial) => spec(serial));
const clientOf = (create: (spec: TaskSpec) => Promise<void>): TasksClient => ({
  create,
  close: async () => {},
});

test('a name that was used counts as existing, any other refusal as failed, and the rest goes on', async () => {
  const client = clientOf(async ({ body }) => {
    if (body.serial === 3) throw Object.assign(new Error('used'), { code: 6 });
    if (body.serial === 5) throw Object.assign(new Error('down'), { code: 14 });
  });
  const result = await createTasks(client, specs, { timeoutMs: 5_000 });
  expect(result).toEqual({
    created: 98,
    existing: 1,
    failed: [{ spec: specs[5], error: expect.objectContaining({ code: 14 }) }],
  });
});

test('at most 32 tasks are created at once', async () => {
  let inFlight = 0;
  let most = 0;
  const client = clientOf(async () => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
  });
  await createTasks(client, specs, { timeoutMs: 5_000 });
  expect(most).toBe(32);
});

test('when the time is used up the batch ends with what there is', async () => {
  const client = clientOf(({ body }) => (body.serial === 0 ? Promise.resolve() : new Promise(() => {})));
  const result = await createTasks(client, specs, { timeoutMs: 20 });
  expect(result.created).toBe(1);
  expect(result.failed.length).toBe(99);
});

test('a server that cannot be reached is a failure of each task, not of the caller', async () => {
  const client = createTasksClient({
    project: 'p',
    location: 'l',
    apiEndpoint: '127.0.0.1:1',
    serviceAccount: 'tasks@example.com',
    dispatcherUrl: 'http://127.0.0.1:2',
  });
  const result = await createTasks(client, specs.slice(0, 3), { timeoutMs: 5_000 });
  expect(result).toMatchObject({ created: 0, existing: 0 });
  expect(result.failed.length).toBe(3);
  await client.close();
});

test('a body that cannot be written as JSON is a failure of its own task', async () => {
  const client = createTasksClient({
    project: 'p',
    location: 'l',
    apiEndpoint: '127.0.0.1:1',
    serviceAccount: 'tasks@example.com',
    dispatcherUrl: 'http://127.0.0.1:2',
  });
  const result = await createTasks(client, [{ ...spec(1), body: { cents: 1n } }], { timeoutMs: 5_000 });
  expect(String(result.failed[0]?.error)).toContain('BigInt');
  await client.close();
});
