// What the tests share: the real client, a target that records what it is sent, and an emulator that is stopped afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { credentials, type status } from '@grpc/grpc-js';
import { afterAll, afterEach, expect } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts';

export const PROJECT = 'test-project';
export const LOCATION = 'us-west1';
export const PARENT = `projects/${PROJECT}/locations/${LOCATION}`;
export const QUEUE = `${PARENT}/queues/work`;

type Put = (undo: () => unknown) => void;

/** Things to undo, last first, when `hook` says so. */
const undoing = (hook: typeof afterEach): Put => {
  const steps: (() => unknown)[] = [];
  hook(async () => {
    for (const undo of steps.splice(0).reverse()) await undo();
  });
  return (undo) => void steps.push(undo);
};
export const afterTest = undoing(afterEach);
export const afterFile = undoing(afterAll);

export const createClient = (port: number, cleanup = afterTest): CloudTasksClient => {
  const client = new CloudTasksClient({
    projectId: PROJECT,
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
  cleanup(async () => {
    await client.close();
  });
  return client;
};

export const createDataDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'tasks-'));
  afterTest(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** An emulator with one queue, `work`, and the real client of it. */
export const startTestEmulator = async (
  options: Partial<EmulatorOptions> = {},
  cleanup = afterTest,
): Promise<{ emulator: Emulator; client: CloudTasksClient }> => {
  const base = { dataDir: null, project: PROJECT, location: LOCATION, queues: { work: {} } };
  const emulator = await startEmulator({ ...base, ...options });
  cleanup(() => emulator.stop());
  return { emulator, client: createClient(emulator.port, cleanup) };
};

/** The same, with `work` paused, so that no task is sent. */
export const startPausedEmulator: typeof startTestEmulator = async (...args) => {
  const started = await startTestEmulator(...args);
  await started.client.pauseQueue({ name: QUEUE });
  return started;
};

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

export interface Target {
  readonly url: string;
  readonly requests: Received[];
  /** Resolves with the n-th request (1 for the first) once it has come. */
  nth(n: number): Promise<Received>;
}

/** An HTTP server on loopback; `answer` ends each response, or leaves it open. Answers 200 unless told otherwise. */
export const startTarget = async (
  answer: (received: Received, n: number) => void = ({ response }) => void response.end(),
): Promise<Target> => {
  const requests: Received[] = [];
  let expectations: { n: number; resolve: (received: Received) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks), response };
      requests.push(received);
      answer(received, requests.length);
      for (const { n, resolve } of expectations) if (n === requests.length) resolve(received);
      expectations = expectations.filter(({ n }) => n > requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    nth: (n) => {
      const received = requests[n - 1];
      return received === undefined
        ? new Promise((resolve) => expectations.push({ n, resolve }))
        : Promise.resolve(received);
    },
  };
};

type ITask = protos.google.cloud.tasks.v2.ITask;

/** Creates a task in the queue `work`; the answer is the task. */
export const createTask = async (client: CloudTasksClient, url: string, more: ITask = {}): Promise<ITask> => {
  const { httpRequest, ...task } = more;
  const [created] = await client.createTask({
    parent: QUEUE,
    task: { ...task, httpRequest: { url, ...httpRequest } },
  });
  return created;
};

export const respond = (code: number, headers: Record<string, string> = {}) => {
  return ({ response }: Received) => void response.writeHead(code, headers).end();
};

/** Expects a call to end with this gRPC status. */
export const refuses = (call: Promise<unknown>, code: status): Promise<void> =>
  expect(call).rejects.toMatchObject({ code });
