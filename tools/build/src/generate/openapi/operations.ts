import { type Contract, IGNORED_MEMBERS } from '@agent-registry/schemas';
import { codesOf, type ErrorWriter, RATE_HEADERS } from './errors.ts';
import { exampleOf } from './example.ts';
import type { JsonSchema, SchemaWriter } from './json-schema.ts';

const SUCCESS: Readonly<Record<number, string>> = { 200: 'Done', 201: 'Made', 202: 'Not yet', 204: 'Done' };
const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** One endpoint as an OpenAPI operation. */
export function operationOf(contract: Contract, writer: SchemaWriter, errors: ErrorWriter): unknown {
  const { access, rate } = contract;
  return {
    operationId: contract.id,
    tags: [contract.tag],
    summary: contract.summary,
    description: contract.description,
    security: securityOf(contract),
    'x-access': access,
    ...(rate === null ? {} : { 'x-rate-limit-category': rate }),
    parameters: [
      ...parametersIn('path', contract.params, writer),
      ...parametersIn('query', contract.query, writer),
      ...headerParameters(contract),
    ],
    ...(contract.body === undefined ? {} : { requestBody: requestBody(contract, writer) }),
    responses: { ...successes(contract, writer), ...errors.write(codesOf(contract)) },
  };
}

function securityOf({ access }: Contract): unknown[] {
  if (access === 'operator') return [{ OperatorKey: [] }];
  const schemes = [{ HttpSignature: [] }, { AgentSig: [] }];
  return access === 'open' ? [{}, ...schemes] : schemes;
}

function parametersIn(where: 'path' | 'query', schema: Contract['params'], writer: SchemaWriter): unknown[] {
  if (schema === undefined) return [];
  const written = writer.write(schema, 'input');
  return Object.entries(written.properties ?? {}).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: where === 'path' || written.required?.includes(name) === true,
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function headerParameters(contract: Contract): unknown[] {
  const { method, idempotency = 'optional' } = contract;
  return [
    ...(method === 'POST' && idempotency === 'optional' ? [ref('parameters', 'IdempotencyKey')] : []),
    ...(idempotency === 'required' ? [ref('parameters', 'RequiredIdempotencyKey')] : []),
    ...(contract.waits === true ? [ref('parameters', 'Prefer')] : []),
  ];
}

function requestBody(contract: Contract, writer: SchemaWriter): unknown {
  const schema = closed(contract, withCriteria(writer.write(contract.body!, 'input')));
  const example = contract.example ?? exampleOf(schema, writer.named);
  return {
    required: (schema.required ?? []).length > 0,
    content: {
      'application/json': { schema: writer.name(`${upperFirst(contract.id)}Request`, schema), example },
    },
  };
}

const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** An answer without a name of its own is named after its operation. */
function named(id: string, schema: JsonSchema, writer: SchemaWriter): JsonSchema {
  return schema.type === 'object' ? writer.name(`${upperFirst(id)}Response`, schema) : schema;
}

/** Wherever criteria come in, the page and the generated clients may know what they look like. */
function withCriteria(schema: JsonSchema): JsonSchema {
  if (schema.properties?.acceptance_criteria === undefined) return schema;
  const { description } = schema.properties.acceptance_criteria;
  const criteria = { anyOf: [ref('schemas', 'AcceptanceCriteria'), { type: 'null' }], description };
  return { ...schema, properties: { ...schema.properties, acceptance_criteria: criteria } };
}

/** Unknown members are refused, but for those that are taken and ignored. */
function closed(contract: Contract, schema: JsonSchema): JsonSchema {
  const ignored = (IGNORED_MEMBERS[contract.id] ?? []).map((name) => [name, { description: 'Ignored' }]);
  return {
    ...schema,
    properties: { ...Object.fromEntries(ignored), ...schema.properties },
    additionalProperties: false,
  };
}

function successes(contract: Contract, writer: SchemaWriter): Record<string, unknown> {
  const answers: [number, Contract['response']][] = [
    [contract.status, contract.response],
    ...Object.entries(contract.alsoAnswers ?? {}).map(([status, schema]): [number, Contract['response']] => [
      Number(status),
      schema,
    ]),
  ];
  return Object.fromEntries(
    answers.map(([status, schema]) => {
      const written = schema === null ? null : named(contract.id, writer.write(schema, 'output'), writer);
      return [String(status), success(contract, status, written, writer)];
    }),
  );
}

function success(
  contract: Contract,
  status: number,
  schema: JsonSchema | null,
  writer: SchemaWriter,
): unknown {
  const named = [
    ...(status === 201 || status === 202 ? ['Location'] : []),
    ...(contract.method === 'POST' && contract.idempotency !== 'ignored' ? ['Idempotency-Replayed'] : []),
    ...(schema?.type === 'array' ? ['Link'] : []),
    ...(contract.waits === true ? ['Preference-Applied'] : []),
  ];
  const headers = {
    ...RATE_HEADERS,
    ...Object.fromEntries(named.map((name) => [name, ref('headers', name)])),
  };
  return {
    description: SUCCESS[status] ?? 'Done',
    headers,
    ...(schema === null
      ? {}
      : { content: { 'application/json': { schema, example: exampleOf(schema, writer.named) } } }),
  };
}
