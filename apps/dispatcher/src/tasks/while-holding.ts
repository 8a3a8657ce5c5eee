import { holdRun, RUN_HOLD_MS, runOperation } from '@agent-registry/operations';
import type { DispatcherContext } from '../context.ts';

const BEATS_PER_HOLD = 3;

/** Does `work` and says all the while that the run's holder is alive, until the lease has run its full length. */
export async function whileHolding<T>(
  context: DispatcherContext,
  held: { runId: string; token: string },
  work: () => Promise<T>,
): Promise<T> {
  const beats =
    Math.floor((context.config.verification.leaseMs * BEATS_PER_HOLD) / RUN_HOLD_MS) - BEATS_PER_HOLD;
  let left = beats;
  const beat = (): void => {
    left -= 1;
    if (left <= 0) clearInterval(timer);
    runOperation(context, (op) => holdRun(op, held)).catch((error: unknown) =>
      context.log.warn({ error, run_id: held.runId }, 'the run could not be held'),
    );
  };
  const timer = setInterval(beat, RUN_HOLD_MS / BEATS_PER_HOLD);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
