import { type Contract, EVENT_TYPES } from '@agent-registry/schemas';
import type { JsonSchema } from '../openapi/json-schema.ts';
import { componentName } from '../openapi/webhooks.ts';
import {
  bodyOf,
  isIdempotent,
  type KnownEndpoint,
  knownEndpoints,
  parametersOf,
  upperFirst,
} from './known-endpoints.ts';
import { comment, printDeclaration, printMembers, printType, type Way } from './print-types.ts';

const HEAD = `// Generated from the contracts of the API: npm run generate. Do not edit.

`;

/** The types of the API and the table of its endpoints, as TypeScript source without imports. */
export function typescriptClient(): string {
  const { endpoints, schemas } = knownEndpoints();
  const events = EVENT_TYPES.map((type) => `'${type}': ${componentName(type)};`).join('\n');
  const source = [
    HEAD,
    ...Object.entries(schemas).map(([name, schema]) => printDeclaration(name, schema, wayOf(name))),
    `/** Every event by its name. */\nexport interface Events {\n${events}\n}\n`,
    ...endpoints.map(inputOf),
    calls('AgentCalls', 'What an agent may call.', endpoints, (access) => access !== 'operator'),
    calls('OperatorCalls', 'What an operator may call.', endpoints, (access) => access === 'operator'),
    `/** How each endpoint is called. */\nexport const endpoints = {\n${endpoints.map(({ contract }) => endpoint(contract)).join('')}} as const;\n`,
  ].join('\n');
  return indent(source);
}

/** Indents each line by the braces that are open before it. */
function indent(source: string): string {
  let depth = 0;
  const lines = source.split('\n').map((line) => {
    if (/^[})]/.test(line)) depth -= 1;
    const indented = line === '' ? '' : `${'  '.repeat(depth)}${line}`;
    if (/[{(]$/.test(line) && !/^ ?[/*]/.test(line)) depth += 1;
    return indented;
  });
  return lines.join('\n');
}

/** What is sent: bodies, and what stands in them. */
const wayOf = (name: string): Way => (/Request$|Test$|^Acceptance|^ProgramCase/.test(name) ? 'in' : 'out');

const inputName = (id: string): string => `${upperFirst(id)}Input`;

/** Path parameters, query and body as one record. */
function inputOf(endpoint: KnownEndpoint): string {
  const { id } = endpoint.contract;
  const named = parametersOf(endpoint);
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(
      named.map(({ name, description, schema: one }) => [name, { description, ...one }]),
    ),
    required: named.filter(({ required }) => required).map(({ name }) => name),
  };
  const body = bodyOf(endpoint);
  if (named.length === 0)
    return `export type ${inputName(id)} = ${body === undefined ? 'object' : printType(body, 'in')};\n`;
  const extend = body === undefined ? '' : ` extends ${printType(body, 'in')}`;
  return `export interface ${inputName(id)}${extend} {\n${printMembers(schema, 'in')}}\n`;
}

function calls(
  name: string,
  description: string,
  known: readonly KnownEndpoint[],
  accepts: (access: Contract['access']) => boolean,
): string {
  const methods = known
    .filter(({ contract }) => accepts(contract.access))
    .map((endpoint) => {
      const { contract, operation, answer } = endpoint;
      const { id } = contract;
      const result = answer === undefined ? 'undefined' : printType(answer, 'out');
      const text = `${operation.summary}.\n\n${operation.description}`;
      const optional = isOptional(endpoint) ? '?' : '';
      return `${comment(text)}readonly ${id}: (input${optional}: ${inputName(id)}, options?: Options) => Promise<${result}>;\n`;
    });
  return `${comment(description)}export interface ${name}<Options> {\n${methods.join('')}}\n`;
}

/** Whether nothing need be said. */
function isOptional(endpoint: KnownEndpoint): boolean {
  const needed = parametersOf(endpoint).some(({ in: where }) => where === 'path');
  const { requestBody } = endpoint.operation;
  return !needed && (requestBody as { required?: boolean } | undefined)?.required !== true;
}

function endpoint(contract: Contract): string {
  const { id, method, path, access, query, body, waits = false } = contract;
  const facts = {
    method,
    path,
    access,
    hasQuery: query !== undefined,
    hasBody: body !== undefined,
    isIdempotent: isIdempotent(contract),
    waits,
  };
  return `${id}: ${JSON.stringify(facts)},\n`;
}
