// What can be done to tasks.
import { randomBytes } from 'node:crypto';
import type { protos } from '@google-cloud/tasks';
import type { Engine } from './engine.ts';
import { alreadyExists, invalidArgument, notFound } from './grpc-error.ts';
import { parseQueueName, parseTaskName } from './names.ts';
import { pageOf } from './page.ts';
import { retryFromWire } from './queue-config.ts';
import type { QueueRunner } from './queue-runner.ts';
import { isNameUsed, type QueueState, taskRecord } from './store.ts';
import { freshProgress, type ITask, type Task, taskToWire } from './task.ts';
import { parseDeadlineMs, parseScheduleMs, parseTarget } from './validate-task.ts';

type WireView = protos.google.cloud.tasks.v2.Task.View | string | null | undefined;

const MAX_TASKS_PER_PAGE = 1000;

const parseView = (view: WireView): 'BASIC' | 'FULL' => (view === 'FULL' ? 'FULL' : 'BASIC');

const madeUpId = (queue: QueueState): string => {
  for (;;) {
    const id = randomBytes(8).readBigUInt64BE().toString();
    if (!queue.tasks.has(id)) return id;
  }
};

/** The id that a new task asks for, refused when a task has it or had it within the hour; null when it asks for none. */
const namedId = (queue: QueueState, name: string | null | undefined, nowMs: number): string | null => {
  if (!name) return null;
  const parsed = parseTaskName(name);
  if (parsed.queue !== queue.name) throw invalidArgument('task.name is not under parent');
  if (queue.tasks.has(parsed.id)) throw alreadyExists(`Task already exists: ${name}`);
  if (isNameUsed(queue, parsed.id, nowMs)) {
    throw alreadyExists(`A task of this name ended less than an hour ago: ${name}`);
  }
  return parsed.id;
};

export const createTask = (
  engine: Engine,
  request: protos.google.cloud.tasks.v2.ICreateTaskRequest,
): ITask => {
  const { state, runner } = engine.queue(parseQueueName(request.parent).name);
  const wire: ITask | null | undefined = request.task;
  if (!wire) throw invalidArgument('task is required');
  const createMs = engine.nowMs();
  const target = parseTarget(wire, engine.allowAnyTarget, state.config.httpTarget);
  const scheduleMs = parseScheduleMs(wire, createMs);
  const deadlineMs = parseDeadlineMs(wire);
  const retry = wire.retryConfig ? { retry: retryFromWire(wire.retryConfig) } : {};
  const asked = namedId(state, wire.name, createMs);
  const id = asked ?? madeUpId(state);
  const fresh = { id, named: asked !== null, createMs, deadlineMs, target, ...retry };
  engine.commit(taskRecord(state.name, fresh, freshProgress(scheduleMs)));
  const task = state.tasks.get(id);
  if (task === undefined) throw new Error('A task that was just created is not there');
  const answer = taskToWire(state.name, task, parseView(request.responseView));
  runner.add(task);
  return answer;
};

const findTask = (
  engine: Engine,
  name: string | null | undefined,
): { state: QueueState; runner: QueueRunner; task: Task } => {
  const parsed = parseTaskName(name);
  const { state, runner } = engine.queue(parsed.queue);
  const task = state.tasks.get(parsed.id);
  if (task === undefined) throw notFound(`Task does not exist: ${name}`);
  return { state, runner, task };
};

export const getTask = (engine: Engine, request: protos.google.cloud.tasks.v2.IGetTaskRequest): ITask => {
  const { state, task } = findTask(engine, request.name);
  return taskToWire(state.name, task, parseView(request.responseView));
};

export const listTasks = (engine: Engine, request: protos.google.cloud.tasks.v2.IListTasksRequest) => {
  const { state } = engine.queue(parseQueueName(request.parent).name);
  const { items, nextPageToken } = pageOf(
    state.tasks.values(),
    (task) => task.seq,
    request,
    MAX_TASKS_PER_PAGE,
  );
  return {
    tasks: items.map((task) => taskToWire(state.name, task, parseView(request.responseView))),
    nextPageToken,
  };
};

export const deleteTask = (engine: Engine, name: string | null | undefined): void => {
  const { state, runner, task } = findTask(engine, name);
  engine.commit({ t: 'ended', queue: state.name, id: task.id, at: engine.nowMs() });
  runner.remove(task);
};

/** Attempts a task now, even while its queue is paused or full; the answer shows it as dispatched. */
export const runTask = (engine: Engine, request: protos.google.cloud.tasks.v2.IRunTaskRequest): ITask => {
  const { state, runner, task } = findTask(engine, request.name);
  runner.runNow(task);
  return taskToWire(state.name, task, parseView(request.responseView));
};
