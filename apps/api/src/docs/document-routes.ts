import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { ApiContext } from '../context.ts';
import document from './openapi.generated.json' with { type: 'json' };
import { renderPage } from './render-page.ts';
import { staticAnswer } from './static-answer.ts';
import { STYLE } from './style.ts';

/** `/openapi.json`, and `/docs`: the same as one page that needs nothing from anywhere else. */
export function documentRoutes({ config }: ApiContext): Router {
  const served = {
    ...document,
    servers: [{ url: `${config.publicBaseUrl}/v1` }, { url: config.publicBaseUrl }],
  };
  const style = createHash('sha256').update(STYLE).digest('base64');
  const router = Router();
  const policy = `default-src 'none'; style-src 'sha256-${style}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  const allowStyle: RequestHandler = (_req, res, next) => {
    res.set('Content-Security-Policy', policy);
    next();
  };
  router.get('/openapi.json', staticAnswer('application/json', JSON.stringify(served)));
  router.get('/docs', allowStyle, staticAnswer('text/html', renderPage(served)));
  return router;
}
