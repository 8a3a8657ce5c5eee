import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import document from './openapi.generated.json' with { type: 'json' };
import { renderPage } from './render-page.ts';
import { STYLE } from './style.ts';

const CACHE_SECONDS = 300;

/** `/openapi.json`, and `/docs`: the same as one page that needs nothing from anywhere else. */
export function documentRoutes({ config }: ApiContext): Router {
  const served = {
    ...document,
    servers: [{ url: `${config.publicBaseUrl}/v1` }, { url: config.publicBaseUrl }],
  };
  const json = JSON.stringify(served);
  const page = renderPage(served);
  const style = createHash('sha256').update(STYLE).digest('base64');
  const router = Router();
  router.get('/openapi.json', (_req, res) => {
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).type('application/json').send(json);
  });
  router.get('/docs', (_req, res) => {
    const policy = `default-src 'none'; style-src 'sha256-${style}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
    res.set('Content-Security-Policy', policy).set('Cache-Control', `public, max-age=${CACHE_SECONDS}`);
    res.type('text/html').send(page);
  });
  return router;
}
