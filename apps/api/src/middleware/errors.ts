import type { IncomingMessage } from 'node:http';
import { isDatabaseDown, isStatementTimeout } from '@agent-registry/db';
import { type ErrorCode, RegistryError, statusOf } from '@agent-registry/schemas';
import { problemBody, problemHandler, UNSUPPORTED_CONNECT } from '@agent-registry/service-kit';
import { SIGNATURE_TAG } from '@agent-registry/signing';
import type { ErrorRequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { CORS_HEADERS } from './headers.ts';
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

/** Accept-Signature (RFC 9421, section 5.1): the signature that this very request needs. */
function acceptedSignature({ headers }: IncomingMessage): string {
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  const components = [
    '@method',
    '@target-uri',
    ...(hasBody ? ['content-digest'] : []),
    ...(headers['idempotency-key'] === undefined ? [] : ['idempotency-key']),
  ];
  const covered = components.map((name) => `"${name}"`).join(' ');
  return `sig1=(${covered});created;alg="ed25519";tag="${SIGNATURE_TAG}"`;
}

type Fault = readonly [code: ErrorCode, phrase: string, detail: string];

/** What the parser found, as one of our codes, the reason phrase of its status, and a detail. */
const FAULTS: Readonly<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'Request Timeout', 'The request did not arrive in time.'],
};
const UNKNOWN_VERSION: Fault = [
  'http_version_not_supported',
  'HTTP Version Not Supported',
  'HTTP/1.1 and HTTP/1.0 are spoken here.',
];
const UNKNOWN_METHOD: Fault = ['not_implemented', 'Not Implemented', 'The method is not known here.'];
/** A request line that begins as one of HTTP does, with a token and a space. */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64} /;

/** What Node tells of bytes that its parser gave up on. */
interface ParserError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
  /** Where in the packet. */
  readonly bytesParsed?: number;
}

function faultOf(error: ParserError): Fault {
  const { code = '', reason = 'they cannot be read' } = error;
  if (code === 'HPE_PAUSED_H2_UPGRADE' || reason === 'Invalid HTTP version') return UNKNOWN_VERSION;
  if (code === UNSUPPORTED_CONNECT || (code === 'HPE_INVALID_METHOD' && METHOD.test(lineOf(error))))
    return UNKNOWN_METHOD;
  return FAULTS[code] ?? ['malformed_request', 'Bad Request', `The bytes are no HTTP request: ${reason}.`];
}

/** The line that the parser stopped in. */
function lineOf({ rawPacket, bytesParsed = 0 }: ParserError): string {
  const text = rawPacket?.toString('latin1') ?? '';
  return text.slice(text.lastIndexOf('\n', bytesParsed) + 1);
}

/** The answer to bytes that never became a request, which Express never sees: in the same words as every other refusal. */
export function answerMalformed(context: ApiContext): (error: NodeJS.ErrnoException) => string {
  return (error) => {
    const [code, phrase, detail] = faultOf(error);
    const status = statusOf(code);
    const id = context.ids.next();
    const typePrefix = `${context.config.publicBaseUrl}/docs#`;
    const body = JSON.stringify(problemBody({ code, detail }, { typePrefix, requestId: id }));
    const lines = [`HTTP/1.1 ${status} ${phrase}`, 'Connection: close', 'Cache-Control: no-store'];
    const setHeader = (name: string, value: string | number) => void lines.push(`${name}: ${value}`);
    setUncountedHeaders(context, { setHeader });
    for (const [name, value] of Object.entries(CORS_HEADERS)) setHeader(name, value);
    setHeader('Date', context.clock.now().toUTCString());
    setHeader('X-Request-Id', id);
    setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    setHeader('Content-Length', Buffer.byteLength(body));
    const fields = { request_id: id, status, error_code: code, reason: error.code };
    context.log.info(fields, 'bytes that are no request');
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  };
}
