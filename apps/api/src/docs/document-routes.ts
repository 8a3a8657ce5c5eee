import { extname } from 'node:path';
import { type RequestHandler, Router } from 'express';
import type { ApiContext } from '../context.ts';
import document from './openapi.generated.json' with { type: 'json' };
import site from './site.generated.json' with { type: 'json' };
import { staticAnswer } from './static-answer.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
};
/** Pages run one script of ours, and ask nobody else for anything. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const setPolicy: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', POLICY);
  next();
};

/** `/openapi.json`, and `/docs` with all beneath it: pages that need nothing from anywhere else. */
export function documentRoutes({ config }: ApiContext): Router {
  const servers = [{ url: `${config.publicBaseUrl}/v1` }, { url: config.publicBaseUrl }];
  const router = Router();
  router.get('/openapi.json', staticAnswer('application/json', JSON.stringify({ ...document, servers })));
  for (const [path, text] of Object.entries(site))
    router.get(path, setPolicy, staticAnswer(TYPES[extname(path)] ?? 'text/html', text));
  return router;
}
