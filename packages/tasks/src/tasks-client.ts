import { verificationLimits } from '@agent-registry/config';
import type { TaskQueue, TaskSpec } from '@agent-registry/schemas';
import { traceHeaders } from '@agent-registry/service-kit';
import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';

type CloudTask = protos.google.cloud.tasks.v2.ITask;

const loopback = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):\d{1,5}$/;
const plaintext = /^http:\/\//;
const shortDeadlineSeconds = 30;

/** How long Cloud Tasks waits for the dispatcher, by queue; Cloud Tasks takes 15 s to 30 min. */
const dispatchDeadlineSeconds: Readonly<Record<TaskQueue, number>> = {
  'webhook-delivery': shortDeadlineSeconds,
  verification: verificationLimits.dispatchDeadlineMs / 1_000,
  'job-deadline': shortDeadlineSeconds,
};

export interface TasksClientConfig {
  readonly project: string;
  readonly location: string;
  /** `HOST:PORT` of another server than Google's. Without TLS only when it is on this machine, or `http://` stands before it. */
  readonly apiEndpoint: string | null;
  /** Whose identity token Cloud Tasks attaches. */
  readonly serviceAccount: string;
  /** Scheme, host and port of the service that the tasks call. */
  readonly dispatcherUrl: string;
  /** The audience of that token; the dispatcher's URL when absent. Never a task's path. */
  readonly audience?: string;
}

export interface TasksClient {
  /** Creates one task. Rejects with the gRPC error, whose `code` is a status number. */
  create(spec: TaskSpec, options: { timeoutMs: number; traceparent: string | null }): Promise<void>;
  close(): Promise<void>;
}

const connect = (config: TasksClientConfig): CloudTasksClient => {
  const { apiEndpoint, project: projectId } = config;
  if (apiEndpoint === null) return new CloudTasksClient({ projectId });
  const hostAndPort = apiEndpoint.replace(plaintext, '');
  const split = hostAndPort.lastIndexOf(':');
  const address = { apiEndpoint: hostAndPort.slice(0, split), port: Number(hostAndPort.slice(split + 1)) };
  if (!plaintext.test(apiEndpoint) && !loopback.test(apiEndpoint))
    return new CloudTasksClient({ projectId, ...address });
  // Without this client the library looks for Google's credentials and finds none.
  const authClient = new PassThroughClient();
  return new CloudTasksClient({ projectId, ...address, sslCreds: credentials.createInsecure(), authClient });
};

const toTimestamp = (time: Date): { seconds: number; nanos: number } => {
  const ms = time.getTime();
  const seconds = Math.floor(ms / 1_000);
  return { seconds, nanos: (ms - seconds * 1_000) * 1_000_000 };
};

const describe = (
  config: TasksClientConfig,
  spec: TaskSpec,
  name: string,
  traceparent: string | null,
): CloudTask => ({
  name,
  httpRequest: {
    url: config.dispatcherUrl + spec.path,
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json', ...(traceparent === null ? {} : { traceparent }) },
    body: Buffer.from(JSON.stringify(spec.body)),
    oidcToken: {
      serviceAccountEmail: config.serviceAccount,
      audience: config.audience ?? config.dispatcherUrl,
    },
  },
  ...(spec.scheduleAt === null ? {} : { scheduleTime: toTimestamp(spec.scheduleAt) }),
  dispatchDeadline: { seconds: dispatchDeadlineSeconds[spec.queue] },
});

/** The real Cloud Tasks client, set up for Google or for an emulator on this machine. Connects at the first task. */
export const createTasksClient = (config: TasksClientConfig): TasksClient => {
  const cloud = connect(config);
  return {
    create: async (spec, { timeoutMs, traceparent }) => {
      const parent = cloud.queuePath(config.project, config.location, spec.queue);
      const name = cloud.taskPath(config.project, config.location, spec.queue, spec.taskId);
      const task = describe(config, spec, name, traceparent ?? traceHeaders().traceparent ?? null);
      // The library does not repeat CreateTask by itself, and the sweep is the net: a retry here would hold up a request.
      await cloud.createTask({ parent, task }, { timeout: timeoutMs });
    },
    close: () => cloud.close(),
  };
};
