import type { TaskSpec } from '@agent-registry/schemas';
import { status } from '@grpc/grpc-js';
import type { TasksClient } from './tasks-client.ts';

const maxInFlight = 32;

/** What became of a batch. A task that could not be created is left to the sweep. */
export interface CreatedTasks {
  readonly created: number;
  /** Refused because a task of that name was created before: there is a task, which is what was wanted. */
  readonly existing: number;
  readonly failed: readonly { readonly spec: TaskSpec; readonly error: unknown }[];
}

const isExisting = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === status.ALREADY_EXISTS;

type Outcome = 'created' | 'existing' | { error: unknown };

/**
 * Creates tasks, a bounded number at once, in `timeoutMs` all together. Never rejects. A task counted as
 * failed for want of time may exist all the same; its name keeps it from running twice.
 */
export const createTasks = async (
  client: TasksClient,
  specs: readonly TaskSpec[],
  { timeoutMs, traceparent = null }: { timeoutMs: number; traceparent?: string | null },
): Promise<CreatedTasks> => {
  const budget = Promise.withResolvers<'expired'>();
  let isExpired = false;
  const timer = setTimeout(() => {
    isExpired = true;
    budget.resolve('expired');
  }, timeoutMs);
  const outcomes = specs.map((): Outcome => ({ error: new Error(`not created within ${timeoutMs} ms`) }));
  const createOne = async (spec: TaskSpec): Promise<Outcome> => {
    try {
      await client.create(spec, { timeoutMs, traceparent });
      return 'created';
    } catch (error) {
      return isExisting(error) ? 'existing' : { error };
    }
  };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < specs.length && !isExpired) {
      const at = next++;
      const outcome = await Promise.race([createOne(specs[at]!), budget.promise]);
      if (outcome !== 'expired') outcomes[at] = outcome;
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxInFlight, specs.length) }, work));
  clearTimeout(timer);
  return {
    created: outcomes.filter((outcome) => outcome === 'created').length,
    existing: outcomes.filter((outcome) => outcome === 'existing').length,
    failed: outcomes.flatMap((outcome, at) =>
      typeof outcome === 'string' ? [] : [{ spec: specs[at]!, error: outcome.error }],
    ),
  };
};
