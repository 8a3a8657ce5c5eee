import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../middleware/admit.ts';
import { limitRate } from '../middleware/rate-limit.ts';
import { otherMethod } from '../mount.ts';
import { ardRefusal } from './ard-entry.ts';

/**
 * `POST /ard/explore`: 501, as ARD 0.91 (section 5.3.3) asks of a registry without this optional part. Facets would say nothing
 * here, where every entry is an agent card of one publisher.
 */
export function exploreRoutes(context: ApiContext): Router {
  const router = Router({ caseSensitive: true });
  router.post('/ard/explore', async (req, res) => {
    await limitRate(context, res, 'discovery', addressOf(context, req));
    throw ardRefusal('not_implemented', 'Explore is not implemented here; POST /ard/search searches.');
  });
  router.all('/ard/explore', otherMethod(context, new Set(['POST']), 'open'));
  return router;
}
