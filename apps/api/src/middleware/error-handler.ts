import { isDatabaseDown, isStatementTimeout } from '@agent-registry/db';
import { RegistryError, statusOf } from '@agent-registry/schemas';
import { problemHandler } from '@agent-registry/service-kit';
import type { ErrorRequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { acceptedSignature } from './accepted-signature.ts';
import { hasRateHeaders, setUncountedHeaders } from './rate-limit.ts';

/** The service-kit's problem handler, with what this API's answers carry beside the problem. */
export function errorHandler(context: ApiContext): ErrorRequestHandler {
  return problemHandler({
    log: context.log,
    typePrefix: `${context.config.publicBaseUrl}/docs#`,
    toRefusal: (error) =>
      isDatabaseDown(error) || isStatementTimeout(error)
        ? new RegistryError('unavailable', 'The registry cannot answer now: try again shortly.', {
            cause: error,
          })
        : null,
    setHeaders: (req, res, { code }) => {
      if (!hasRateHeaders(res)) setUncountedHeaders(context, res);
      if (statusOf(code) !== 401) return;
      res.setHeader('WWW-Authenticate', 'AgentSig');
      res.setHeader('Accept-Signature', acceptedSignature(req));
    },
  });
}
