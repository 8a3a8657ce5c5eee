import { type Response, Router } from 'express';

/** Whether a part can serve, and what else is worth knowing of it. */
export interface ReadyState {
  readonly ready: boolean;
  readonly [detail: string]: unknown;
}

const readyTimeoutMs = 2_000;

const answer = (res: Response, status: number, body: object): void => {
  res.set('Cache-Control', 'no-store').status(status).json(body);
};

const withinTimeout = async <T>(work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('not ready in time')), readyTimeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * `/health`: the process answers. `/ready`: every part can serve, else 503. `ready` is given 2 s; a failure is answered
 * without its reason.
 */
export const healthRoutes = ({ ready }: { ready: () => Promise<Record<string, ReadyState>> }): Router => {
  const router = Router();
  router.get('/health', (_req, res) => answer(res, 200, { status: 'ok' }));
  router.get('/ready', async (_req, res) => {
    const checks = await withinTimeout(ready()).catch(() => ({ service: { ready: false } }));
    const isReady = Object.values(checks).every((check) => check.ready);
    answer(res, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', checks });
  });
  return router;
};
