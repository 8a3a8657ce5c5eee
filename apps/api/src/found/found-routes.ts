import { cardSigningKey, jwkOf, publicKeyOf } from '@agent-registry/signing';
import { type RequestHandler, Router } from 'express';
import type { ApiContext } from '../context.ts';
import { staticAnswer } from '../docs/static-answer.ts';
import { API_CATALOG_TYPE, apiCatalog, ardManifest, skillIndex } from './catalogues.ts';
import { llmsText } from './llms-text.ts';
import { SKILL_NAME, skillOf } from './skill.ts';

const SKILL_PATH = `/.well-known/agent-skills/${SKILL_NAME}/SKILL.md`;
const JWKS_PATH = '/.well-known/jwks.json';

/** What tells agents, catalogues and crawlers what is here, by path: content type and text. */
function documentsOf({
  publicBaseUrl: base,
  signing,
}: ApiContext['config']): Readonly<Record<string, readonly [string, string]>> {
  const skill = skillOf(base);
  const json = (value: unknown) => ['application/json', JSON.stringify(value)] as const;
  const manifest = json(ardManifest(base, skill));
  const keys = [signing.currentKey, ...signing.acceptedKeys].map((key) =>
    jwkOf(publicKeyOf(cardSigningKey(key))),
  );
  return {
    '/llms.txt': ['text/plain', llmsText(base)],
    '/.well-known/api-catalog': [API_CATALOG_TYPE, JSON.stringify(apiCatalog(base))],
    '/.well-known/agent-skills/index.json': json(skillIndex(base, skill)),
    [SKILL_PATH]: ['text/markdown', skill.text],
    '/.well-known/ard.json': manifest,
    '/.well-known/ai-catalog.json': manifest,
    [JWKS_PATH]: json({ keys }),
  };
}

export const FOUND_PATHS = [
  '/llms.txt',
  '/.well-known/api-catalog',
  '/.well-known/agent-skills/index.json',
  SKILL_PATH,
  '/.well-known/ard.json',
  '/.well-known/ai-catalog.json',
  JWKS_PATH,
];

/** RFC 9727 asks for it, of HEAD too. */
const linkCatalogue: RequestHandler = (_req, res, next) => {
  res.set('Link', '</.well-known/api-catalog>; rel="api-catalog", </.well-known/ard.json>; rel="ard"');
  next();
};

/** The well-known files and `/llms.txt`. They do not change while the service runs. */
export function foundRoutes({ config }: ApiContext): Router {
  const router = Router();
  for (const [path, [type, text]] of Object.entries(documentsOf(config)))
    router.get(path, linkCatalogue, staticAnswer(type, text));
  return router;
}
