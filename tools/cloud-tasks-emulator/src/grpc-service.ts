// google.cloud.tasks.v2 over gRPC, from the very protos that the real client carries.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { protos } from '@google-cloud/tasks';
import {
  type GrpcObject,
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Engine } from './engine.ts';
import { GrpcError, invalidArgument } from './grpc-error.ts';
import * as queues from './queue-operations.ts';
import * as tasks from './task-operations.ts';

type V2 = typeof protos.google.cloud.tasks.v2;
type RequestOf<Name extends keyof V2> = V2[Name] extends { create(properties?: infer Properties): unknown }
  ? NonNullable<Properties>
  : never;

/** Well over a task of the greatest size, so that one too big is refused by name rather than by the transport. */
const MAX_MESSAGE_BYTES = 8 << 20;

interface Messages {
  readonly nested: Record<string, { fields: Record<string, { type: string; id: number }> }>;
}

/** What v2 has beyond the client's protos, by its field numbers there; the messages are those of v2beta3. */
const addNewerFields = (json: {
  nested: { google: { nested: { cloud: { nested: { tasks: { nested: Record<string, Messages> } } } } } };
}): void => {
  const { v2, v2beta3 } = json.nested.google.nested.cloud.nested.tasks.nested;
  const { Queue, Task, ...others } = v2?.nested ?? {};
  if (v2 === undefined || Queue === undefined || Task === undefined) throw new Error('The protos lack v2');
  const { HttpTarget, UriOverride, PathOverride, QueryOverride } = v2beta3?.nested ?? {};
  Object.assign(v2.nested, { HttpTarget, UriOverride, PathOverride, QueryOverride, ...others });
  Queue.fields.httpTarget ??= { type: 'HttpTarget', id: 10 };
  Task.fields.retryConfig ??= { type: 'RetryConfig', id: 12 };
};

/** The service's definition, also for a client of it. */
export const loadService = () => {
  const entry = createRequire(import.meta.url).resolve('@google-cloud/tasks');
  // The entry sits in build/cjs/src; the protos lie in build/protos.
  const json = JSON.parse(readFileSync(join(dirname(entry), '..', '..', 'protos', 'protos.json'), 'utf8'));
  addNewerFields(json);
  const definition = fromJSON(json, { longs: Number, enums: String, oneofs: true });
  const at = (parent: GrpcObject, name: string) => parent[name] as GrpcObject;
  const google = at(loadPackageDefinition(definition), 'google');
  const v2 = at(at(at(google, 'cloud'), 'tasks'), 'v2');
  return (v2.CloudTasks as ServiceClientConstructor).service;
};

const unary =
  <Request, Answer>(engine: Engine, work: (request: Request) => Answer): handleUnaryCall<Request, Answer> =>
  (call, callback) => {
    try {
      callback(null, work(call.request));
    } catch (error) {
      if (error instanceof GrpcError) {
        callback({ code: error.code, details: error.message });
        return;
      }
      engine.log('error', `A call failed: ${(error as Error).stack ?? String(error)}`);
      callback({ code: status.INTERNAL, details: 'The emulator failed; see its log' });
    }
  };

const implementation = (engine: Engine): UntypedServiceImplementation => ({
  ListQueues: unary(engine, (request: RequestOf<'ListQueuesRequest'>) => queues.listQueues(engine, request)),
  GetQueue: unary(engine, (request: RequestOf<'GetQueueRequest'>) =>
    queues.getQueue(engine, request.name ?? ''),
  ),
  CreateQueue: unary(engine, (request: RequestOf<'CreateQueueRequest'>) => {
    if (!request.queue) throw invalidArgument('queue is required');
    return queues.createQueue(engine, request.parent ?? '', request.queue);
  }),
  UpdateQueue: unary(engine, (request: RequestOf<'UpdateQueueRequest'>) => {
    if (!request.queue) throw invalidArgument('queue is required');
    return queues.updateQueue(engine, request.queue, request.updateMask?.paths ?? []);
  }),
  DeleteQueue: unary(engine, (request: RequestOf<'DeleteQueueRequest'>) => {
    queues.deleteQueue(engine, request.name ?? '');
    return {};
  }),
  PurgeQueue: unary(engine, (request: RequestOf<'PurgeQueueRequest'>) =>
    queues.purgeQueue(engine, request.name ?? ''),
  ),
  PauseQueue: unary(engine, (request: RequestOf<'PauseQueueRequest'>) =>
    queues.setPaused(engine, request.name ?? '', true),
  ),
  ResumeQueue: unary(engine, (request: RequestOf<'ResumeQueueRequest'>) =>
    queues.setPaused(engine, request.name ?? '', false),
  ),
  ListTasks: unary(engine, (request: RequestOf<'ListTasksRequest'>) => tasks.listTasks(engine, request)),
  GetTask: unary(engine, (request: RequestOf<'GetTaskRequest'>) => tasks.getTask(engine, request)),
  CreateTask: unary(engine, (request: RequestOf<'CreateTaskRequest'>) => tasks.createTask(engine, request)),
  DeleteTask: unary(engine, (request: RequestOf<'DeleteTaskRequest'>) => {
    tasks.deleteTask(engine, request.name);
    return {};
  }),
  RunTask: unary(engine, (request: RequestOf<'RunTaskRequest'>) => tasks.runTask(engine, request)),
});

export interface GrpcService {
  readonly port: number;
  /** Lets calls under way end, for a second at most. */
  readonly stop: () => Promise<void>;
}

const STOP_MS = 1000;

/** Serves the engine. Rejects with Node's own words when the port cannot be had. */
export const startGrpcService = async (engine: Engine, host: string, port: number): Promise<GrpcService> => {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(loadService(), implementation(engine));
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, actual) =>
      error === null ? resolve(actual) : reject(error),
    );
  });
  return {
    port: bound,
    stop: async () => {
      const ended = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      const timer = setTimeout(() => server.forceShutdown(), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
};
