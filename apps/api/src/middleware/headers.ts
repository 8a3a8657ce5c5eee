import type { RequestHandler, Response } from 'express';

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** What every answer says to a browser that came across it. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  for (const [name, value] of Object.entries(HEADERS)) res.setHeader(name, value);
  next();
};

/** What a page may send: the signature's fields, and those that our routes read. */
const REQUEST_HEADERS = [
  'Accept',
  'Authorization',
  'Content-Digest',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Prefer',
  'Signature',
  'Signature-Input',
  'X-Nonce',
  'X-Timestamp',
];
/** What a page may read beside the fields that every page may. */
const RESPONSE_HEADERS = [
  'Accept-Signature',
  'Allow',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
];
/** Browsers forget a preflight's answer after at most two hours. */
const PREFLIGHT_SECONDS = 7_200;
const OPERATORS = /^(?:\/v1)?\/operator(?:\/|$)/i;

/** What lets any page read an answer: there are no cookies, so a page can do nothing that its server could not. */
export const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': RESPONSE_HEADERS.join(', '),
} as const;

/** Opens every answer to pages of any origin, but not operators': their console comes from this origin. */
export const cors: RequestHandler = (req, res, next) => {
  if (!OPERATORS.test(req.path)) setAll(res, CORS_HEADERS);
  next();
};

/** Answers OPTIONS, a browser's preflight included, with what the path takes. */
export function answerOptions(res: Response, allow: string): void {
  res.setHeader('Allow', allow);
  if (res.hasHeader('Access-Control-Allow-Origin')) {
    setAll(res, {
      'Access-Control-Allow-Methods': allow,
      'Access-Control-Allow-Headers': REQUEST_HEADERS.join(', '),
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    });
  }
  res.status(204).end();
}

function setAll(res: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}
