import type { IncomingMessage } from 'node:http';
import { RegistryError } from '@agent-registry/schemas';
import type { RequestHandler } from 'express';

/** Header fields that a request may carry: Node's parser keeps a few more, so that one too many is seen. */
const HEADERS_MAX = 100;
/** RFC 3986: `host[:port]`, an address in brackets or a registered name. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)([/?].*)?$/i;
/** Fields whose value would depend on who reads them if they came twice. */
const SINGLE = new Set([
  'host',
  'authorization',
  'content-type',
  'idempotency-key',
  'x-nonce',
  'x-operator-key',
  'x-timestamp',
]);

/**
 * The path and query of a request target. One in absolute form names the host again (RFC 9112, 3.2.2), which decides nothing
 * here: its path counts. What is neither comes back as it is.
 */
export function toOriginForm(target: string): string {
  const [, authority = '', rest = ''] = ABSOLUTE_FORM.exec(target) ?? [];
  if (!HOST.test(authority)) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Refuses what RFC 9110 and 9112 ask a server to refuse and Node's parser lets through; the connection ends there. */
export const checkMessage: RequestHandler = (req, res, next) => {
  const refusal = refusalOf(req);
  if (refusal === null) {
    next();
    return;
  }
  res.setHeader('Connection', 'close');
  next(refusal);
};

function refusalOf(req: IncomingMessage): RegistryError | null {
  const { httpVersion, rawHeaders, headers } = req;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return new RegistryError('http_version_not_supported', 'HTTP/1.1 and HTTP/1.0 are spoken here.');
  }
  if (rawHeaders.length > 2 * HEADERS_MAX) {
    return new RegistryError('headers_too_large', `A request may carry ${HEADERS_MAX} header fields.`);
  }
  const twice = namedTwice(rawHeaders);
  if (twice !== null) return malformed(`${twice} is given twice.`);
  if (headers.host === undefined && httpVersion === '1.1') return malformed('Host is missing.');
  if (headers.host !== undefined && !HOST.test(headers.host)) return malformed('Host is not well-formed.');
  return refusalOfCoding(req) ?? refusalOfExpectation(req) ?? refusalOfTarget(req);
}

function refusalOfCoding({ headers, httpVersion }: IncomingMessage): RegistryError | null {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  if (httpVersion === '1.0') return malformed('HTTP/1.0 has no Transfer-Encoding.');
  if (coding.toLowerCase() === 'chunked') return null;
  return new RegistryError('not_implemented', 'No Transfer-Encoding but chunked is known here.');
}

function refusalOfExpectation({ headers, httpVersion }: IncomingMessage): RegistryError | null {
  const { expect } = headers;
  if (expect === undefined || httpVersion === '1.0' || expect.toLowerCase() === '100-continue') return null;
  return new RegistryError('expectation_failed', 'Nothing but 100-continue can be expected here.');
}

function refusalOfTarget({ url = '', method }: IncomingMessage): RegistryError | null {
  if (url === '*' && method === 'OPTIONS') return null;
  if (url.startsWith('/') && !url.includes('#')) return null;
  return malformed('The request target is not a path, nor the URL of one.');
}

function namedTwice(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (seen.has(name)) return rawHeaders[index]!;
    if (SINGLE.has(name)) seen.add(name);
  }
  return null;
}

function malformed(detail: string): RegistryError {
  return new RegistryError('malformed_request', detail);
}
