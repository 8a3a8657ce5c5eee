import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Emulator, startEmulator } from '@agent-registry/cloud-tasks-emulator';

const PLACE = { project: 'agent-registry', location: 'us-west1' };
const QUEUES = { 'webhook-delivery': {}, verification: {}, 'job-deadline': {} };

export interface ReceivedTask {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** A dispatcher that takes every task and does nothing, behind the real emulator and reached by the real client. */
export interface TaskSink {
  readonly received: readonly ReceivedTask[];
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when every task that is due has been received. */
  idle(): Promise<void>;
  /** Takes the emulator away, as an outage would. */
  breakDown(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTaskSink(): Promise<TaskSink> {
  const received: ReceivedTask[] = [];
  const dispatcher = createServer((req, res) => {
    void text(req).then((body) => {
      received.push({ path: req.url ?? '', body: JSON.parse(body) as Record<string, unknown> });
      res.end();
    });
  });
  await new Promise<void>((resolve) => void dispatcher.listen(0, '127.0.0.1', resolve));
  const emulator: Emulator = await startEmulator({ ...PLACE, dataDir: null, queues: QUEUES });
  let stopped: Promise<void> | null = null;
  const breakDown = () => (stopped ??= emulator.stop());
  return {
    received,
    env: {
      TASKS_PROJECT: PLACE.project,
      TASKS_LOCATION: PLACE.location,
      TASKS_API_ENDPOINT: `127.0.0.1:${emulator.port}`,
      TASKS_SERVICE_ACCOUNT: 'tasks@agent-registry.iam.gserviceaccount.com',
      DISPATCHER_URL: `http://127.0.0.1:${(dispatcher.address() as AddressInfo).port}`,
    },
    idle: () => emulator.idle(),
    breakDown,
    async stop() {
      await breakDown();
      dispatcher.closeAllConnections();
      dispatcher.close();
    },
  };
}
