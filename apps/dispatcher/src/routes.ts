import { RegistryError } from '@agent-registry/schemas';
import {
  criteriaCheckTask,
  deadlineTask,
  sweepTask,
  taskPaths,
  verificationTask,
  webhookTask,
} from '@agent-registry/tasks';
import type { Answer } from './answer.ts';
import type { DispatcherContext } from './context.ts';
import { actOnDeadline } from './tasks/act-on-deadline.ts';
import { checkCriteria } from './tasks/check-criteria.ts';
import { deliverWebhook } from './tasks/deliver-webhook.ts';
import { runVerification } from './tasks/run-verification.ts';
import { sweep } from './tasks/sweep.ts';

/** One kind of task: where it arrives, what its body must be, and what is done. */
export interface TaskRoute {
  readonly path: string;
  readonly handle: (context: DispatcherContext, body: unknown) => Promise<Answer>;
}

/** A contract of packages/tasks. */
interface Contract<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

function route<T>(
  path: string,
  contract: Contract<T>,
  handle: (context: DispatcherContext, task: T) => Promise<Answer>,
): TaskRoute {
  return { path, handle: (context, body) => handle(context, read(contract, body)) };
}

function read<T>(contract: Contract<T>, body: unknown): T {
  const parsed = contract.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
  throw new RegistryError('validation_failed', 'The task does not fit its contract.', { errors });
}

export const routes: readonly TaskRoute[] = [
  route(taskPaths.webhook, webhookTask, deliverWebhook),
  route(taskPaths.verification, verificationTask, runVerification),
  route(taskPaths.criteriaCheck, criteriaCheckTask, checkCriteria),
  route(taskPaths.timer, deadlineTask, actOnDeadline),
  route(taskPaths.sweep, sweepTask, (context) => sweep(context)),
];
