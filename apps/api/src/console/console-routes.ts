import { existsSync, readFileSync } from 'node:fs';
import { RegistryError } from '@agent-registry/schemas';
import { type RequestHandler, Router } from 'express';
import { staticAnswer } from '../docs/static-answer.ts';

/** Beside the bundle in an image; where `npm run build -- console` leaves it in a checkout. */
const PLACES = ['./console/', '../../../../dist/console/'];
const FILES = [
  ['/console/console.js', 'console.js', 'text/javascript'],
  ['/console/console.css', 'console.css', 'text/css'],
  // Every other address is one of the page's own.
  ['/console', 'index.html', 'text/html'],
  ['/console/*path', 'index.html', 'text/html'],
] as const;

/** Its own script and style sheet, and requests to this origin: nothing inline, and nothing of anybody else's. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Sets the policy that the console and the start page are under. */
export const setPagePolicy: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', POLICY);
  next();
};

/** The console at `/console`; 404 with what to do where it was not built. */
export function consoleRoutes(): Router {
  const router = Router();
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) =>
    existsSync(new URL('index.html', url)),
  );
  for (const [path, name, type] of FILES) {
    if (place === undefined) router.get(path, refuseUnbuilt);
    else router.get(path, setPagePolicy, staticAnswer(type, readFileSync(new URL(name, place), 'utf8')));
  }
  return router;
}

const refuseUnbuilt: RequestHandler = () => {
  throw new RegistryError('not_found', 'The console is not built here: npm run build -- console.');
};
