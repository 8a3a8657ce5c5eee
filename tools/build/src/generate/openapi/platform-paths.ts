import { RATE_HEADERS } from './errors.ts';

const answer = (description: string, type: string, schema: object) => ({
  description,
  headers: RATE_HEADERS,
  content: { [type]: { schema } },
});
const get = (id: string, summary: string, responses: object) => ({
  get: { operationId: id, tags: ['Platform'], summary, security: [{}], 'x-access': 'open', responses },
});
const ready = { type: 'object', required: ['status', 'checks'] };

/** What is served beside the contracts. */
export const platformPaths = {
  '/health': get('getHealth', 'The process answers', {
    200: answer('Alive', 'application/json', { type: 'object', required: ['status'] }),
  }),
  '/ready': get('getReady', 'The service can serve', {
    200: answer('Ready', 'application/json', ready),
    503: answer('Not ready', 'application/json', ready),
  }),
  '/openapi.json': get('getOpenApi', 'This document', {
    200: answer('OpenAPI 3.1', 'application/json', { type: 'object', required: ['openapi', 'paths'] }),
  }),
  '/docs': get('getDocs', 'This document, to be read', {
    200: answer('A page', 'text/html', { type: 'string' }),
  }),
};
