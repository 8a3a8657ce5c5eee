import { ERROR_CODES, RegistryError } from '@agent-registry/schemas';
import type { RequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { setUncountedHeaders } from './rate-limit.ts';

const DETAILS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The headers are too large.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
};

/** The answer to bytes that never became a request, which Express never sees: in the same words as every other refusal. */
export function answerMalformed(context: ApiContext): (error: NodeJS.ErrnoException) => string {
  return ({ code = '' }) => {
    const [status, title] = ERROR_CODES.malformed_request;
    const id = context.ids.next();
    const body = JSON.stringify({
      type: `${context.config.publicBaseUrl}/docs#malformed_request`,
      title,
      status,
      detail: DETAILS[code] ?? 'This is not HTTP/1.1.',
      instance: `urn:uuid:${id}`,
      code: 'malformed_request',
    });
    const lines = [`HTTP/1.1 ${status} Bad Request`, 'Connection: close', 'Cache-Control: no-store'];
    const setHeader = (name: string, value: unknown) => void lines.push(`${name}: ${value}`);
    setUncountedHeaders(context, { setHeader: setHeader as never });
    setHeader('X-Request-Id', id);
    setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    setHeader('Content-Length', Buffer.byteLength(body));
    context.log.warn({ request_id: id, status, reason: code }, 'bytes that are no request');
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  };
}

/** RFC 9112: a request of HTTP/1.1 without Host is malformed. */
export const requireHost: RequestHandler = (req, _res, next) => {
  if (req.headers.host !== undefined || req.httpVersion !== '1.1') next();
  else next(new RegistryError('malformed_request', 'Host is missing.'));
};
