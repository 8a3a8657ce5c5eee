import { type Contract, contracts, EVENT_TYPES } from '@agent-registry/schemas';
import { buildDocument } from '../openapi/build-document.ts';
import type { JsonSchema } from '../openapi/json-schema.ts';
import { componentName } from '../openapi/webhooks.ts';
import { comment, printDeclaration, printMembers, printType, type Way } from './print-types.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}
type Media = { readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } } };
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Partial<Parameter>[];
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const HEAD = `// Generated from the contracts of the API: npm run generate. Do not edit.

`;

/** The types of the API and the table of its endpoints, as TypeScript source without imports. */
export function typescriptClient(): string {
  const { paths, components } = buildDocument() as unknown as Document;
  const operations = new Map(
    Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const all: readonly Contract[] = Object.values(contracts);
  const known = all.map((contract) => ({ contract, operation: operations.get(contract.id)! }));
  const events = EVENT_TYPES.map((type) => `'${type}': ${componentName(type)};`).join('\n');
  const source = [
    HEAD,
    ...Object.entries(components.schemas).map(([name, schema]) =>
      printDeclaration(name, schema, wayOf(name)),
    ),
    `/** Every event by its name. */\nexport interface Events {\n${events}\n}\n`,
    ...known.map(({ contract, operation }) => inputOf(contract, operation)),
    calls('AgentCalls', 'What an agent may call.', known, (access) => access !== 'operator'),
    calls('OperatorCalls', 'What an operator may call.', known, (access) => access === 'operator'),
    `/** How each endpoint is called. */\nexport const endpoints = {\n${all.map(endpoint).join('')}} as const;\n`,
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

const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const inputName = (id: string): string => `${upperFirst(id)}Input`;

/** Path parameters, query and body as one record. An owner's id is the client's own. */
function inputOf({ id, access }: Contract, { parameters, requestBody }: Operation): string {
  const named = (parameters as Parameter[]).filter(
    ({ name, in: where }) =>
      (where === 'path' || where === 'query') && !(access === 'owner' && name === 'agent_id'),
  );
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(
      named.map(({ name, description, schema: one }) => [name, { description, ...one }]),
    ),
    required: named.filter(({ required }) => required).map(({ name }) => name),
  };
  const body = requestBody?.content?.['application/json']?.schema;
  if (named.length === 0)
    return `export type ${inputName(id)} = ${body === undefined ? 'object' : printType(body, 'in')};\n`;
  const extend = body === undefined ? '' : ` extends ${printType(body, 'in')}`;
  return `export interface ${inputName(id)}${extend} {\n${printMembers(schema, 'in')}}\n`;
}

interface Known {
  readonly contract: Contract;
  readonly operation: Operation;
}

function calls(
  name: string,
  description: string,
  known: readonly Known[],
  accepts: (access: Contract['access']) => boolean,
): string {
  const methods = known
    .filter(({ contract }) => accepts(contract.access))
    .map(({ contract, operation }) => {
      const { id, status } = contract;
      const answer = operation.responses[String(status)]?.content?.['application/json']?.schema;
      const result = answer === undefined ? 'undefined' : printType(answer, 'out');
      const text = `${operation.summary}.\n\n${operation.description}`;
      const optional = isOptional(contract, operation) ? '?' : '';
      return `${comment(text)}readonly ${id}: (input${optional}: ${inputName(id)}, options?: Options) => Promise<${result}>;\n`;
    });
  return `${comment(description)}export interface ${name}<Options> {\n${methods.join('')}}\n`;
}

/** Whether nothing need be said. */
function isOptional({ access }: Contract, { parameters, requestBody }: Operation): boolean {
  const needed = (parameters as Parameter[]).some(
    ({ name, required, in: where }) =>
      required && where === 'path' && !(access === 'owner' && name === 'agent_id'),
  );
  return !needed && (requestBody as { required?: boolean } | undefined)?.required !== true;
}

function endpoint(contract: Contract): string {
  const { id, method, path, access, query, body, idempotency = 'optional', waits = false } = contract;
  const facts = {
    method,
    path,
    access,
    hasQuery: query !== undefined,
    hasBody: body !== undefined,
    isIdempotent: method === 'POST' && idempotency !== 'ignored',
    waits,
  };
  return `${id}: ${JSON.stringify(facts)},\n`;
}
