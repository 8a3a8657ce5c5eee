import { type Contract, ERROR_CODES, type ErrorCode, statusOf } from '@agent-registry/schemas';
import type { JsonSchema } from './json-schema.ts';

const EVERYWHERE: readonly ErrorCode[] = [
  'malformed_request',
  'unknown_field',
  'uri_too_long',
  'expectation_failed',
  'headers_too_large',
  'rate_limited',
  'internal',
  'unavailable',
];
const SIGNED: readonly ErrorCode[] = [
  'unauthenticated',
  'invalid_signature',
  'stale_timestamp',
  'nonce_replayed',
  'agent_suspended',
  'agent_deactivated',
  'payload_too_large',
];

/** Everything a request to this endpoint can be refused with. */
export function codesOf(contract: Contract): ErrorCode[] {
  const isPosted = contract.method === 'POST' || contract.method === 'PATCH';
  const codes = new Set<ErrorCode>([
    ...EVERYWHERE,
    ...(contract.access === 'operator' ? (['not_found', 'payload_too_large'] as const) : SIGNED),
    ...(contract.access === 'owner' ? (['not_owner'] as const) : []),
    ...(contract.params === undefined ? [] : (['not_found'] as const)),
    ...(isPosted ? (['payload_too_large', 'unsupported_media_type', 'validation_failed'] as const) : []),
    ...(contract.query === undefined ? [] : (['validation_failed'] as const)),
    ...(contract.method === 'POST' && contract.idempotency !== 'ignored'
      ? (['request_in_progress', 'idempotency_key_reused'] as const)
      : []),
    ...contract.errors,
  ]);
  return [...codes].sort();
}

/** The refusals that endpoints share, each written once. */
export interface ErrorWriter {
  /** One response for each status, naming the codes it comes with. */
  write(codes: readonly ErrorCode[]): Record<string, unknown>;
  readonly named: Readonly<Record<string, unknown>>;
}

export function createErrorWriter(): ErrorWriter {
  const named: Record<string, unknown> = {};
  return {
    named,
    write(codes) {
      const byStatus = [...Map.groupBy(codes, statusOf)].sort(([a], [b]) => a - b);
      return Object.fromEntries(
        byStatus.map(([status, some]) => {
          const name = `${status}.${some.join('.')}`;
          named[name] ??= errorResponse(status, some);
          return [String(status), { $ref: `#/components/responses/${name}` }];
        }),
      );
    },
  };
}

function errorResponse(status: number, codes: readonly ErrorCode[]): unknown {
  const [first = 'internal'] = codes;
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { status: { const: status }, code: { enum: codes } },
  };
  const headers = {
    ...RATE_HEADERS,
    ...(status === 401
      ? {
          'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' },
          'Accept-Signature': { $ref: '#/components/headers/Accept-Signature' },
        }
      : {}),
    ...(status === 401 || status === 429 || status === 503
      ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }
      : {}),
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code][1]}.`).join(' '),
    headers,
    content: { 'application/problem+json': { schema, example: exampleProblem(first) } },
  };
}

export const RATE_HEADERS = Object.fromEntries(
  [
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
    'RateLimit-Policy',
    'RateLimit',
    'X-Request-Id',
  ].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

function exampleProblem(code: ErrorCode): unknown {
  const [status, title] = ERROR_CODES[code];
  return {
    type: `https://registry.example.com/docs#${code}`,
    title,
    status,
    detail: `${title}.`,
    instance: 'urn:uuid:0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    code,
    ...(code === 'validation_failed'
      ? { errors: [{ path: 'amount', message: 'must be an amount of at most two decimal places' }] }
      : {}),
  };
}

export const errorCodeSchema: JsonSchema = {
  type: 'string',
  enum: Object.keys(ERROR_CODES),
  description: 'Every way a request can be refused: a closed list',
};

/** RFC 9457, with our code and the fields at fault. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string', description: 'Where the code is explained' },
    title: { type: 'string', description: 'The code in a sentence' },
    status: { type: 'integer', description: 'The HTTP status' },
    detail: { type: 'string', description: 'For a person' },
    instance: { type: 'string', pattern: '^urn:uuid:', description: 'The request, for asking us about it' },
    code: { $ref: '#/components/schemas/ErrorCode', description: 'For a program' },
    errors: {
      type: 'array',
      description: 'With 422: the fields at fault',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'Dotted, such as tests.0.params.schema' },
          message: { type: 'string', description: 'What is wrong with it' },
        },
      },
    },
    expected_message: {
      type: 'string',
      description: 'With invalid_signature: the text that the signature must cover',
    },
  },
};
