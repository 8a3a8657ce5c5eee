import { snake } from '../client/python-types.ts';
import type { OpenApi, Operation, Parameter } from './openapi-types.ts';
import { nameOf } from './schema-table.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
/** Arguments longer than this stand on a line each. */
const LINE_CHARS_MAX = 80;

/** One operation where it is served. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Path parameters and required ones of the query, with values to show. */
function shown(document: OpenApi, { operation }: Endpoint): (readonly [Parameter, string])[] {
  return (operation.parameters ?? [])
    .map((parameter) =>
      parameter.$ref === undefined
        ? parameter
        : (document.components.parameters[nameOf(parameter.$ref)] as Parameter),
    )
    .filter(
      ({ in: where, required, name }) =>
        where === 'path' || (where === 'query' && (required || name === 'q')),
    )
    .map((parameter) => [parameter, parameter.in === 'path' ? ID : 'summarise'] as const);
}

const bodyOf = ({ operation }: Endpoint): unknown =>
  operation.requestBody?.content['application/json']?.example;

/** The path with values to show; an owner's id is `$agent`. */
function pathOf(document: OpenApi, endpoint: Endpoint): string {
  const { operation } = endpoint;
  const query = shown(document, endpoint)
    .filter(([{ in: where }]) => where === 'query')
    .map(([{ name }, value]) => `${name}=${value}`);
  const prefix = operation.tags.includes('Platform') && operation.operationId !== 'getFees' ? '' : '/v1';
  const filled = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'agent_id' && operation['x-access'] === 'owner' ? '$agent' : ID,
  );
  return `${prefix}${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** The call from a terminal; `signed` is the function of the quickstart. */
export function curlSample(document: OpenApi, endpoint: Endpoint): string {
  const { method, operation } = endpoint;
  const access = operation['x-access'];
  const path = pathOf(document, endpoint);
  const body = bodyOf(endpoint);
  const data = body === undefined ? '' : ` \\\n  '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
  if (access === 'signed' || access === 'owner') return `signed ${method.toUpperCase()} "${path}"${data}`;
  const json = body === undefined ? '' : ` \\\n  -H 'content-type: application/json' -d${data.slice(4)}`;
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`;
  if (access !== 'operator') return `curl${verb} "$registry${path}"${json}`;
  const once = (operation.parameters ?? []).some(
    ({ $ref = '' }) => nameOf($ref) === 'RequiredIdempotencyKey',
  );
  const key = once ? ` -H "idempotency-key: $(uuidgen)"` : '';
  return `curl${verb} "$registry${path}" -H "x-operator-key: $operator_key"${key}${json}`;
}

/** Who calls an operation by a client, with what, and whether anything is answered; null for what no client calls. */
function callOf(document: OpenApi, endpoint: Endpoint) {
  const { operation } = endpoint;
  const access = operation['x-access'];
  if (operation['x-rate-limit-category'] === undefined && access !== 'operator') return null;
  const named = shown(document, endpoint)
    .filter(([{ name }]) => !(access === 'owner' && name === 'agent_id'))
    .map(([{ name }, value]) => [name, value]);
  return {
    receiver: access === 'operator' ? 'operator' : 'client',
    input: { ...Object.fromEntries(named), ...(bodyOf(endpoint) as object | undefined) },
    isEmpty: operation.responses['204'] !== undefined,
  };
}

/** The call by the TypeScript client; null for what it does not call. */
export function typescriptSample(document: OpenApi, endpoint: Endpoint): string | null {
  const call = callOf(document, endpoint);
  if (call === null) return null;
  const { receiver, input, isEmpty } = call;
  const argument = Object.keys(input).length === 0 ? '' : literal(input);
  return `${isEmpty ? '' : 'const answer = '}await ${receiver}.${endpoint.operation.operationId}(${argument});`;
}

/** The call by the Python package; null for what it does not call. */
export function pythonSample(document: OpenApi, endpoint: Endpoint): string | null {
  const call = callOf(document, endpoint);
  if (call === null) return null;
  const { receiver, input, isEmpty } = call;
  const named = Object.entries(input).map(([name, value]) => `${name}=${pythonLiteral(value, '    ')}`);
  const line = named.join(', ');
  const isShort = line.length <= LINE_CHARS_MAX && !line.includes('\n');
  const given = named.length === 0 || isShort ? line : `\n${named.map((one) => `    ${one},\n`).join('')}`;
  const method = snake(endpoint.operation.operationId);
  return `${isEmpty ? '' : 'answer = '}${receiver}.${method}(${given})`;
}

/** JSON as a person would write it in Python. */
function pythonLiteral(value: unknown, indent = ''): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) return `[${value.map((one) => pythonLiteral(one, indent)).join(', ')}]`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, one]) => `${inner}${JSON.stringify(name)}: ${pythonLiteral(one, inner)},\n`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}

/** JSON as a person would write it in TypeScript. */
function literal(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, indent)).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, one]) => `${inner}${/^[a-z_]\w*$/i.test(name) ? name : `'${name}'`}: ${literal(one, inner)},\n`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}
