import { describe, expect, test } from '@jest/globals';
import { buildDocument } from './build-document.ts';
import type { JsonSchema } from './json-schema.ts';

interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly parameters: readonly {
    readonly name?: string;
    readonly in?: string;
    readonly description?: string;
    readonly schema?: JsonSchema;
  }[];
  readonly security?: readonly object[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly parameters: Readonly<Record<string, { readonly name: string }>>;
  };
}

const document = buildDocument() as unknown as Document;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const { schemas } = document.components;

/** Every property of every component, with its path. */
function properties(): [string, JsonSchema][] {
  const found: [string, JsonSchema][] = [];
  const visit = (schema: JsonSchema, path: string): void => {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      found.push([`${path}.${name}`, property]);
      visit(property, `${path}.${name}`);
    }
    const inner = [schema.items, schema.anyOf, schema.oneOf].flat().filter((one) => one !== undefined);
    for (const one of inner) visit(one as JsonSchema, path);
  };
  for (const [name, schema] of Object.entries(schemas)) visit(schema, name);
  return found;
}

/** What a schema says of itself, or the component that it points to. */
function descriptionOf(schema: JsonSchema): unknown {
  const branch = (schema.anyOf as JsonSchema[] | undefined)?.[0];
  const component = schemas[(schema.$ref ?? branch?.$ref ?? '').split('/').at(-1) ?? ''];
  return schema.description ?? component?.description;
}

describe('the OpenAPI document', () => {
  test('the OpenAPI document says what every operation, every parameter and every member of a schema is', () => {
    const silent = [
      ...operations
        .filter(({ description }) => description === undefined)
        .map(({ operationId }) => operationId),
      ...operations.flatMap(({ operationId, parameters }) =>
        parameters
          .filter((one) => one.name !== undefined && one.description === undefined)
          .map((one) => `${operationId} ${one.name}`),
      ),
      ...properties()
        .filter(([, schema]) => descriptionOf(schema) === undefined)
        .map(([path]) => path),
    ];
    expect(silent).toEqual([]);
    expect(properties().length).toBeGreaterThan(300);
  });

  test('the OpenAPI document gives no two components the same name in other letter cases, since generators make classes of them', () => {
    const names = Object.keys(schemas);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test('the OpenAPI document names no component as a generator names the enumeration of a member of another', () => {
    const made = Object.entries(schemas).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {})
        .filter(([, property]) => property.enum !== undefined)
        .map(([member]) => `${name}${member}`.replaceAll('_', '').toLowerCase()),
    );
    expect(made.filter((name) => Object.keys(schemas).some((other) => other.toLowerCase() === name))).toEqual(
      [],
    );
  });

  test('the OpenAPI document keeps the headers of a signature out of the parameters, which generators would make arguments of', () => {
    const names = Object.values(document.components.parameters).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Idempotency-Key', 'Prefer']));
    expect(names.filter((name) => /timestamp|nonce|signature|authorization/i.test(name))).toEqual([]);
  });

  test('the OpenAPI document describes a number in a query as a bounded number, though it travels as text', () => {
    const limits = operations.flatMap(({ parameters }) => parameters.filter(({ name }) => name === 'limit'));
    expect(limits.length).toBeGreaterThan(5);
    for (const { schema } of limits) expect(schema).toEqual({ type: 'integer', minimum: 1, maximum: 100 });
  });

  test('the OpenAPI document tells no integer the bounds that every integer of JavaScript has', () => {
    expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  test('the OpenAPI document asks for no credentials on a webhook, which the receiver authenticates by its signature', () => {
    expect(Object.values(document.webhooks).map(({ post }) => post.security)).toEqual(
      Object.keys(document.webhooks).map(() => []),
    );
  });
});
