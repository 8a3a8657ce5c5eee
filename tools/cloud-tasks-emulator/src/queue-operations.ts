// What can be done to queues.
import type { protos } from '@google-cloud/tasks';
import type { Engine } from './engine.ts';
import { alreadyExists, failedPrecondition, invalidArgument, resourceExhausted } from './grpc-error.ts';
import { parseLocationName, parseQueueName } from './names.ts';
import { leadsToLoopback } from './override-url.ts';
import { pageOf } from './page.ts';
import { configFromWire, configToWire, type IQueue, type QueueConfig, updateConfig } from './queue-config.ts';
import { parseFilter } from './queue-filter.ts';
import { QUEUE_NAME_KEPT_MS, type QueueState } from './store.ts';
import { notThisMachine } from './validate-task.ts';
import { msToWire } from './wire-time.ts';

const MAX_QUEUES = 1000;
const MAX_QUEUES_PER_PAGE = 1000;

const queueToWire = (queue: QueueState): IQueue => ({
  name: queue.name,
  ...configToWire(queue.config),
  state: queue.paused ? 'PAUSED' : 'RUNNING',
  purgeTime: queue.purgedMs === null ? null : msToWire(queue.purgedMs),
});

/** Creates a queue or gives an existing one this configuration; its pause stays as it was. */
export const putQueue = (engine: Engine, name: string, config: QueueConfig): QueueState => {
  const existing = engine.store.queues.get(name);
  if (existing === undefined && engine.store.queues.size >= MAX_QUEUES) {
    throw resourceExhausted(`There are ${MAX_QUEUES} queues already`);
  }
  const { httpTarget } = config;
  if (!engine.allowAnyTarget && !leadsToLoopback(httpTarget))
    throw notThisMachine(httpTarget?.uriOverride?.host ?? '');
  const paused = existing?.paused ?? false;
  engine.commit({ t: 'queue', queue: name, config, paused, purgedMs: existing?.purgedMs ?? null });
  if (existing === undefined) engine.startRunner(name);
  const { state, runner } = engine.queue(name);
  runner.pump();
  return state;
};

const refuseRecentlyDeleted = (engine: Engine, name: string): void => {
  const deletedMs = engine.store.deletedQueues.get(name);
  if (deletedMs !== undefined && deletedMs + QUEUE_NAME_KEPT_MS > engine.nowMs()) {
    throw failedPrecondition(`A queue of this name was deleted less than three days ago: ${name}`);
  }
};

export const createQueue = (engine: Engine, parent: string, wire: IQueue): IQueue => {
  const { name, location } = parseQueueName(wire.name);
  if (location !== parseLocationName(parent)) throw invalidArgument('queue.name is not under parent');
  if (engine.store.queues.has(name)) throw alreadyExists(`Queue already exists: ${name}`);
  refuseRecentlyDeleted(engine, name);
  return queueToWire(putQueue(engine, name, configFromWire(wire)));
};

/** Changes the fields of the mask, or all without one; creates the queue when there is none, as the product does. */
export const updateQueue = (engine: Engine, wire: IQueue, paths: readonly string[]): IQueue => {
  const { name } = parseQueueName(wire.name);
  const existing = engine.store.queues.get(name);
  if (existing === undefined) refuseRecentlyDeleted(engine, name);
  const config = existing === undefined ? configFromWire(wire) : updateConfig(existing.config, wire, paths);
  return queueToWire(putQueue(engine, name, config));
};

export const getQueue = (engine: Engine, name: string): IQueue =>
  queueToWire(engine.queue(parseQueueName(name).name).state);

export const listQueues = (engine: Engine, request: protos.google.cloud.tasks.v2.IListQueuesRequest) => {
  const prefix = `${parseLocationName(request.parent)}/queues/`;
  const isWanted = parseFilter(request.filter ?? '');
  const all = [...engine.store.queues.values()].filter(
    (queue) => queue.name.startsWith(prefix) && isWanted(queueToWire(queue)),
  );
  const sorted = all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextPageToken } = pageOf(sorted, (queue) => queue.name, request, MAX_QUEUES_PER_PAGE);
  return { queues: items.map(queueToWire), nextPageToken };
};

export const deleteQueue = (engine: Engine, text: string): void => {
  const { state, runner } = engine.queue(parseQueueName(text).name);
  engine.commit({ t: 'queue-deleted', queue: state.name, at: engine.nowMs() });
  state.tasks.clear();
  runner.removeAll();
  runner.stop();
  runner.abandon();
  engine.runners.delete(state.name);
};

export const setPaused = (engine: Engine, text: string, paused: boolean): IQueue => {
  const { state, runner } = engine.queue(parseQueueName(text).name);
  engine.commit({ t: 'queue', queue: state.name, config: state.config, paused, purgedMs: state.purgedMs });
  runner.pump();
  return queueToWire(state);
};

export const purgeQueue = (engine: Engine, text: string): IQueue => {
  const { state, runner } = engine.queue(parseQueueName(text).name);
  engine.commit({ t: 'purge', queue: state.name, at: engine.nowMs() });
  runner.removeAll();
  return queueToWire(state);
};
