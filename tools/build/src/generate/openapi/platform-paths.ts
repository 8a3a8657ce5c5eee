import { type ErrorWriter, RATE_HEADERS } from './errors.ts';

const answer = (description: string, type: string, schema: object) => ({
  description,
  headers: RATE_HEADERS,
  content: { [type]: { schema } },
});
const text = (description: string) => ({ type: 'string', description });
const object = (description: string, properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  description,
  required: Object.keys(properties),
  properties,
});

const alive = object('The process answers', { status: text('ok') });
const ready = object('Whether the service can serve', {
  status: text('ready or not_ready'),
  checks: { type: 'object', description: 'What was checked, by name' },
});
const openApi = object('An OpenAPI 3.1 document', {
  openapi: text('The version of the format'),
  paths: { type: 'object', description: 'Every operation, by path and method' },
});

/** What is served beside the contracts. */
export function platformPaths(errors: ErrorWriter): Record<string, unknown> {
  const get = (operationId: string, summary: string, description: string, responses: object) => ({
    get: {
      operationId,
      tags: ['Platform'],
      summary,
      description,
      security: [{}],
      'x-access': 'open',
      parameters: [],
      responses: {
        ...responses,
        ...errors.write(['expectation_failed', 'headers_too_large', 'uri_too_long']),
      },
    },
  });
  return {
    '/health': get('getHealth', 'Is the process alive?', 'Answers as long as the process does.', {
      200: answer('Alive', 'application/json', alive),
    }),
    '/ready': get(
      'getReady',
      'Can the service serve?',
      'Checks the database, Redis and what else is needed.',
      {
        200: answer('Ready', 'application/json', ready),
        503: answer('Not ready', 'application/json', ready),
      },
    ),
    '/openapi.json': get('getOpenApi', 'Get this document', 'The machine-readable description of the API.', {
      200: answer('OpenAPI 3.1', 'application/json', openApi),
    }),
    '/docs': get('getDocs', 'Read the documentation', 'Guides and this reference, for people.', {
      200: answer('A page', 'text/html', { type: 'string' }),
    }),
  };
}
