// What the tests share: the real client, a target that records what it is sent, and an emulator that is put away.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts';

export const PROJECT = 'test-project';
export const LOCATION = 'us-west1';
export const PARENT = `projects/${PROJECT}/locations/${LOCATION}`;
export const QUEUE = `${PARENT}/queues/work`;

type Put = (undo: () => unknown) => void;

/** Things to undo after a test, last first. */
export const createCleanup = (): { add: Put; run: () => Promise<void> } => {
  const steps: (() => unknown)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    run: async () => {
      for (const step of steps.splice(0).reverse()) await step();
    },
  };
};

export const createClient = (cleanup: Put, port: number): CloudTasksClient => {
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

export const createDataDir = (cleanup: Put): string => {
  const dir = mkdtempSync(join(tmpdir(), 'tasks-'));
  cleanup(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** An emulator with one queue, `work`, and the real client of it. */
export const startTestEmulator = async (
  cleanup: Put,
  options: Partial<EmulatorOptions> = {},
): Promise<{ emulator: Emulator; client: CloudTasksClient }> => {
  const base = { dataDir: null, project: PROJECT, location: LOCATION, queues: { work: {} } };
  const emulator = await startEmulator({ ...base, ...options });
  cleanup(() => emulator.stop());
  return { emulator, client: createClient(cleanup, emulator.port) };
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
  cleanup: Put,
  answer: (received: Received, n: number) => void = ({ response }) => void response.end(),
): Promise<Target> => {
  const requests: Received[] = [];
  let waiters: { n: number; resolve: (received: Received) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks), response };
      requests.push(received);
      answer(received, requests.length);
      for (const { n, resolve } of waiters) if (n === requests.length) resolve(received);
      waiters = waiters.filter(({ n }) => n > requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    nth: (n) => {
      const received = requests[n - 1];
      return received === undefined
        ? new Promise((resolve) => waiters.push({ n, resolve }))
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

export const respond = (status: number, headers: Record<string, string> = {}) => {
  return ({ response }: Received) => void response.writeHead(status, headers).end();
};
