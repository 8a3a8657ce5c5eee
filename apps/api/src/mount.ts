import { type Contract, RegistryError } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { AnyRequest } from './api-request.ts';
import { auditRefusal } from './audit-operator.ts';
import type { ApiContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { addressOf, admit, verifyOperatorKey } from './middleware/admit.ts';
import { answerOptions } from './middleware/headers.ts';
import type { SentAnswer } from './middleware/idempotency.ts';
import { limitRate, setUncountedHeaders } from './middleware/rate-limit.ts';

/** The longest path with query that is read. */
const URL_CHARS_MAX = 4_096;

/** Makes a router of endpoints: each under its path and its aliases, 405 for their other methods, 404 for the rest. */
export function mountRoutes(context: ApiContext, endpoints: readonly Endpoint[]): Router {
  const router = Router({ caseSensitive: true });
  router.use(refuseLongUrls);
  const methods = new Map<string, { taken: Set<string>; access: Contract['access'] }>();
  for (const endpoint of endpoints) {
    const { method, path, access, aliases = [] } = endpoint.contract;
    const handler = handlerOf(context, endpoint);
    for (const served of [path, ...aliases]) {
      const known = methods.get(served) ?? { taken: new Set(), access };
      known.taken.add(method);
      methods.set(served, known);
      if (method === 'GET') router.get(served, handler);
      else if (method === 'POST') router.post(served, handler);
      else if (method === 'PATCH') router.patch(served, handler);
      else router.delete(served, handler);
    }
  }
  for (const [path, { taken, access }] of methods) router.all(path, otherMethod(context, taken, access));
  return router;
}

/** 404 fallback. */
export function noSuchRoute(context: ApiContext): RequestHandler {
  return async (req, res) => {
    await limitRate(context, res, 'read', addressOf(context, req));
    throw new RegistryError('not_found', 'There is nothing here.');
  };
}

function handlerOf(context: ApiContext, endpoint: Endpoint): RequestHandler {
  const { contract } = endpoint;
  return async (req, res) => {
    annotate({ operation: contract.id, ...idsIn(contract, req) });
    const admitted = await admit(context, endpoint, req, res);
    let request: AnyRequest | null = null;
    try {
      const received = endpoint.receive({ req, res, admitted, address: addressOf(context, req) });
      request = received.request;
      send(req, res, await received.perform(context));
    } catch (error) {
      await auditRefusal(context, contract, admitted.caller, request, error);
      throw error;
    }
  };
}

function send(req: Request, res: Response, answer: SentAnswer): void {
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  res.status(answer.status);
  if (answer.json === null) {
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  // Said in so many words also for HTTP/1.0, whose connections stay open for nothing else.
  res.setHeader('Content-Length', Buffer.byteLength(answer.json));
  if (req.method === 'HEAD') res.end();
  else res.end(answer.json);
}

/**
 * Answers OPTIONS with what the path takes, and every method that it does not take with 405; of operators' paths without a
 * valid key not even that they are there. A preflight costs no token: it is the browser's question, not the page's.
 */
export function otherMethod(
  context: ApiContext,
  taken: ReadonlySet<string>,
  access: Contract['access'],
): RequestHandler {
  const allow = [...taken, ...(taken.has('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
  return async (req, res) => {
    const isQuestion = req.method === 'OPTIONS';
    if (isQuestion && access !== 'operator') setUncountedHeaders(context, res);
    else await limitRate(context, res, 'read', addressOf(context, req));
    if (access === 'operator') verifyOperatorKey(context, req);
    if (isQuestion) {
      answerOptions(res, allow);
      return;
    }
    res.setHeader('Allow', allow);
    throw new RegistryError('method_not_allowed', `This path takes ${allow}.`);
  };
}

const refuseLongUrls: RequestHandler = (req, _res, next) => {
  if (req.originalUrl.length <= URL_CHARS_MAX) next();
  else next(new RegistryError('uri_too_long', `A path with its query may take ${URL_CHARS_MAX} characters.`));
};

/** The ids in the path, for the log: so that a job's story can be read by its id. */
function idsIn(contract: Contract, req: Request): Record<string, string> {
  if (contract.params === undefined || !contract.params.safeParse(req.params).success) return {};
  return Object.fromEntries(
    Object.entries(req.params).map(([name, value]) => [
      name === 'agent_id' ? 'path_agent_id' : name,
      String(value).toLowerCase(),
    ]),
  );
}
