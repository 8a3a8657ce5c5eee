import {
  Client,
  credentials,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';

const asIs = (bytes: Buffer): Buffer => bytes;
const createTask: MethodDefinition<Buffer, Buffer> = {
  path: '/google.cloud.tasks.v2.CloudTasks/CreateTask',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};
const service: ServiceDefinition = { createTask };
/** How Cloud Tasks refuses: over quota, and in an outage. */
const REFUSALS = [status.RESOURCE_EXHAUSTED, status.UNAVAILABLE];

/** A fault-injecting gRPC proxy between the services and Cloud Tasks: refuses creates while told to. */
export interface TasksProxy {
  refusing: boolean;
  /** Creates that were refused so far. */
  readonly refused: number;
  close(): void;
}

/** Listens on a port of loopback, and passes on to `upstream` (`HOST:PORT`). */
export async function openTasksProxy(port: number, upstream: () => string): Promise<TasksProxy> {
  let client: Client | null = null;
  let refused = 0;
  const proxy = { refusing: false };
  const handle: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    if (proxy.refusing) {
      refused += 1;
      return callback({ code: REFUSALS[refused % REFUSALS.length]!, details: 'refused by the drill' });
    }
    client ??= new Client(upstream(), credentials.createInsecure());
    client.makeUnaryRequest(createTask.path, asIs, asIs, call.request, call.metadata, callback);
  };
  const server = new Server();
  server.addService(service, { createTask: handle });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return Object.defineProperties(proxy, {
    refused: { get: () => refused },
    close: {
      value: () => {
        client?.close();
        server.forceShutdown();
      },
    },
  }) as TasksProxy;
}
