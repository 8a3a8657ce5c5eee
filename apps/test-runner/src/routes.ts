import { RegistryError, type TestRunnerReady } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import express, { type Request, type Response, Router } from 'express';
import { answerTestRun } from './answer-test-run.ts';
import type { RunnerContext } from './context.ts';
import { fixedLimits } from './limits.ts';

const readBody = express.json({ limit: fixedLimits.bodyBytes, type: () => true });

/** The test-runner's routes. */
export function createRoutes(context: RunnerContext): Router {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/ready', (_req, res) => {
    const ready = describeReadiness(context);
    res
      .set('Cache-Control', 'no-store')
      .status(ready.status === 'ready' ? 200 : 503)
      .json(ready);
  });
  router.post('/internal/test-runs', async (req, res) => {
    await context.verifyToken(req.headers.authorization);
    await postTestRun(context, req, res);
  });
  router.use(() => {
    throw new RegistryError('not_found', 'there is no such route');
  });
  return router;
}

async function postTestRun(context: RunnerContext, req: Request, res: Response): Promise<void> {
  if (context.stopping.aborted) throw stopping();
  const reservation = context.queue.reserve();
  const hangUp = new AbortController();
  const onClose = (): void => hangUp.abort(new RegistryError('unavailable', 'the caller hung up'));
  res.once('close', onClose);
  const signal = AbortSignal.any([context.stopping, hangUp.signal]);
  try {
    await new Promise<void>((resolve, reject) => {
      readBody(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
    await reservation.acquire(signal);
    const answer = await answerTestRun(context, req.body, signal);
    annotate({ run_id: answer.run_id, verdict: answer.verdict, isolation: answer.isolation.backend });
    res.json(answer);
  } catch (error) {
    throw context.stopping.aborted ? stopping() : error;
  } finally {
    res.off('close', onClose);
    reservation.release();
  }
}

function stopping(): RegistryError {
  const { retryAfterSeconds } = fixedLimits;
  return new RegistryError('unavailable', 'the test-runner is stopping', { retryAfterSeconds });
}

function describeReadiness({
  backends,
  isolation,
  limits,
  runner,
  stopping: { aborted },
}: RunnerContext): TestRunnerReady {
  return {
    status: aborted ? 'stopping' : 'ready',
    runtimes: backends.flatMap(({ runtimes }) => runtimes),
    isolation: [...isolation],
    capacity: { slots: limits.slots, queue: limits.queue },
    runner,
  };
}
