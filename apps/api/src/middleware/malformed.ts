import { ERROR_CODES, type ErrorCode, RegistryError } from '@agent-registry/schemas';
import type { RequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { setUncountedHeaders } from './rate-limit.ts';

/** What the parser found, as one of our codes, the reason phrase of its status, and a detail. */
const FAULTS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'Request Timeout', 'The request did not arrive in time.'],
};
const NOT_HTTP = ['malformed_request', 'Bad Request', 'This is not HTTP/1.1.'] as const;

/** The answer to bytes that never became a request, which Express never sees: in the same words as every other refusal. */
export function answerMalformed(context: ApiContext): (error: NodeJS.ErrnoException) => string {
  return ({ code: reason = '' }) => {
    const [code, phrase, detail] = FAULTS[reason] ?? NOT_HTTP;
    const [status, title] = ERROR_CODES[code];
    const id = context.ids.next();
    const type = `${context.config.publicBaseUrl}/docs#${code}`;
    const body = JSON.stringify({ type, title, status, detail, instance: `urn:uuid:${id}`, code });
    const lines = [`HTTP/1.1 ${status} ${phrase}`, 'Connection: close', 'Cache-Control: no-store'];
    const setHeader = (name: string, value: string | number) => void lines.push(`${name}: ${value}`);
    setUncountedHeaders(context, { setHeader: setHeader as never });
    setHeader('X-Request-Id', id);
    setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    setHeader('Content-Length', Buffer.byteLength(body));
    context.log.warn({ request_id: id, status, reason }, 'bytes that are no request');
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  };
}

/** RFC 9112: a request of HTTP/1.1 without Host is malformed. */
export const requireHost: RequestHandler = (req, _res, next) => {
  if (req.headers.host !== undefined || req.httpVersion !== '1.1') next();
  else next(new RegistryError('malformed_request', 'Host is missing.'));
};
