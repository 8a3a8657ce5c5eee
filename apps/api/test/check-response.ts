import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import document from '../src/docs/openapi.generated.json' with { type: 'json' };

interface Documented {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
type Operation = { readonly responses: Readonly<Record<string, Documented>> };
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const ALWAYS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Policy',
  'RateLimit',
];

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('uuid', UUID).addFormat('date-time', UTC);
ajv.addSchema(document, 'openapi');
const compiled = new Map<string, ValidateFunction>();

/** A response as it came over the wire. */
export interface SeenResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Throws where a response is not what the OpenAPI document promises for it: its status, its error code, its body to the last
 * member, its headers.
 */
export function checkResponse(seen: SeenResponse): void {
  const missing = ALWAYS.filter((name) => !seen.headers.has(name));
  if (missing.length > 0) fail(seen, `lacks ${missing.join(', ')}`);
  const operation = operationFor(seen);
  if (operation === undefined) {
    if (seen.status !== 204) validate(seen, '#/components/schemas/Problem');
    return;
  }
  const pointer = `${operation.pointer}/responses/${seen.status}`;
  const promised = operation.operation.responses[String(seen.status)];
  if (promised === undefined) fail(seen, `has a status that is not documented`);
  const [resolved, at] = resolve(promised!, pointer);
  const undocumented = [...seen.headers.keys()].filter(
    (name) => name.startsWith('idempotency-') && resolved.headers?.['Idempotency-Replayed'] === undefined,
  );
  if (undocumented.length > 0) fail(seen, `has undocumented ${undocumented.join(', ')}`);
  checkBody(seen, resolved, at);
}

function checkBody(seen: SeenResponse, promised: Documented, pointer: string): void {
  const [type] = (seen.headers.get('content-type') ?? '').split(';', 1);
  if (promised.content === undefined) {
    if (seen.text !== '') fail(seen, 'has a body that is not documented');
    return;
  }
  if (seen.method === 'HEAD' || type === 'text/html') return;
  if (promised.content[type ?? ''] === undefined) fail(seen, `has the content type ${type}`);
  validate(seen, `${pointer}/content/${token(type ?? '')}/schema`);
}

function validate(seen: SeenResponse, pointer: string): void {
  const check = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${pointer}` });
  compiled.set(pointer, check);
  if (!check(JSON.parse(seen.text))) fail(seen, ajv.errorsText(check.errors, { separator: '\n' }));
}

function operationFor(seen: SeenResponse): { operation: Operation; pointer: string } | undefined {
  const path = (seen.path.split('?', 1)[0] ?? '').replace(/^\/v1(?=\/)/, '');
  const method = seen.method === 'HEAD' ? 'get' : seen.method.toLowerCase();
  const paths = document.paths as unknown as Paths;
  const found = Object.entries(paths)
    .filter(([template, methods]) => matches(template, path) && methods[method] !== undefined)
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)[0];
  if (found === undefined) return undefined;
  const [template, methods] = found;
  return { operation: methods[method]!, pointer: `#/paths/${token(template)}/${method}` };
}

function matches(template: string, path: string): boolean {
  const wanted = template.split('/');
  const given = path.replace(/\/$/, '').split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  );
}

function resolve(promised: Documented, pointer: string): [Documented, string] {
  if (promised.$ref === undefined) return [promised, pointer];
  const name = promised.$ref.slice('#/components/responses/'.length);
  const responses = document.components.responses as Readonly<Record<string, Documented>>;
  return [responses[name]!, `#/components/responses/${name}`];
}

function token(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function fail(seen: SeenResponse, what: string): never {
  throw new Error(
    `${seen.method} ${seen.path} answered ${seen.status}, which ${what}\n${seen.text.slice(0, 2_000)}`,
  );
}
