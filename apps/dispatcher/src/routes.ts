import { RegistryError, type TaskBody, type TaskKind, taskKinds } from '@agent-registry/schemas';
import type { Answer } from './answer.ts';
import type { DispatcherContext } from './context.ts';
import { actOnDeadline } from './tasks/act-on-deadline.ts';
import { checkAgentCard } from './tasks/check-agent-card.ts';
import { checkCriteria } from './tasks/check-criteria.ts';
import { deliverWebhook } from './tasks/deliver-webhook.ts';
import { rejudge } from './tasks/rejudge.ts';
import { runVerification } from './tasks/run-verification.ts';
import { sweep } from './tasks/sweep.ts';

/** What is done for each kind of task. */
const handlers: {
  readonly [Kind in TaskKind]: (context: DispatcherContext, task: TaskBody<Kind>) => Promise<Answer>;
} = {
  webhook: deliverWebhook,
  verification: runVerification,
  criteria_check: checkCriteria,
  rejudgement: rejudge,
  timer: actOnDeadline,
  agent_card: checkAgentCard,
  sweep,
};

/** One kind of task: where it arrives, and what is done. */
export interface TaskRoute {
  readonly kind: TaskKind;
  readonly path: string;
  readonly handle: (context: DispatcherContext, body: unknown) => Promise<Answer>;
}

export const routes: readonly TaskRoute[] = (Object.keys(handlers) as TaskKind[]).map((kind) =>
  routeOf(kind),
);

function routeOf<Kind extends TaskKind>(kind: Kind): TaskRoute {
  const handle = handlers[kind];
  return { kind, path: taskKinds[kind].path, handle: (context, body) => handle(context, read(kind, body)) };
}

function read<Kind extends TaskKind>(kind: Kind, body: unknown): TaskBody<Kind> {
  const parsed = taskKinds[kind].body.safeParse(body);
  if (parsed.success) return parsed.data as TaskBody<Kind>;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
  throw new RegistryError('validation_failed', 'The task does not fit its contract.', { errors });
}
