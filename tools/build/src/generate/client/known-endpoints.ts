import { type Contract, contracts } from '@agent-registry/schemas';
import { buildDocument } from '../openapi/build-document.ts';
import type { JsonSchema } from '../openapi/json-schema.ts';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}
type Media = { readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } } };
export interface Operation {
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
export interface KnownEndpoint {
  readonly contract: Contract;
  readonly operation: Operation;
  /** What it answers; undefined for nothing. */
  readonly answer: JsonSchema | undefined;
}

/** Every endpoint with its contract and its part of the OpenAPI document, and the document's components. */
export function knownEndpoints(): {
  readonly endpoints: readonly KnownEndpoint[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
} {
  const { paths, components } = buildDocument() as unknown as Document;
  const operations = new Map(
    Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const endpoints = (Object.values(contracts) as readonly Contract[]).map((contract) => {
    const operation = operations.get(contract.id)!;
    const answer = operation.responses[String(contract.status)]?.content?.['application/json']?.schema;
    return { contract, operation, answer };
  });
  return { endpoints, schemas: components.schemas };
}

/** Path parameters and those of the query. An owner's id is the client's own. */
export function parametersOf({ contract, operation }: KnownEndpoint): readonly Parameter[] {
  return (operation.parameters as readonly Parameter[]).filter(
    ({ name, in: where }) =>
      (where === 'path' || where === 'query') && !(contract.access === 'owner' && name === 'agent_id'),
  );
}

/** The schema of the body; undefined for none. */
export const bodyOf = ({ operation }: KnownEndpoint): JsonSchema | undefined =>
  operation.requestBody?.content?.['application/json']?.schema;

/** Whether it may carry an Idempotency-Key. */
export const isIdempotent = ({ method, idempotency = 'optional' }: Contract): boolean =>
  method === 'POST' && idempotency !== 'ignored';

export const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
