import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileSchema, validate } from './index.ts';

let connections = 0;
const server = createServer((_request, response) => response.end('true'));
server.on('connection', () => {
  connections += 1;
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Places of a schema within a schema. */
const places: readonly ((inner: unknown) => Record<string, unknown>)[] = [
  ...['additionalProperties', 'contains', 'items', 'not', 'propertyNames', 'unevaluatedItems'].map(
    (keyword) => (inner: unknown) => ({ [keyword]: inner }),
  ),
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword) => (inner: unknown) => ({
    [keyword]: [inner],
  })),
  ...['$defs', 'dependentSchemas', 'patternProperties', 'properties'].map((keyword) => (inner: unknown) => ({
    [keyword]: { a: inner },
  })),
  (inner) => ({ else: inner }),
  (inner) => ({ unevaluatedProperties: inner }),
];

test('none of 256 schemas that name a listener on this machine makes a request, and all that refer to it are refused', async () => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/schema`;
  const values = [1, 'a', [1, { a: 1 }], { a: { a: 1 } }];
  const references = [
    { $ref: url },
    { $ref: `${url}#/$defs/a` },
    { $ref: `//127.0.0.1:${port}/schema`, $id: 'http://example.org/' },
    { $id: url, $defs: { b: { $ref: 'other' } } },
    { $dynamicRef: `${url}#meta` },
    { $schema: url },
    { $ref: 'file:///etc/passwd' },
    { $ref: 'data:application/json,true' },
    { $ref: `node:fs` },
    { $ref: './package.json' },
    { $ref: `HTTP://127.0.0.1:${port}` },
    { $id: url, $recursiveRef: '#' },
  ];
  const harmless = [
    { $id: url, type: 'number' },
    { $comment: url, const: { $ref: url }, examples: [{ $ref: url }], default: { $id: url } },
    { format: 'uri', pattern: url },
    { 'x-schema': { $ref: url, $schema: url } },
  ];
  const tried: boolean[] = [];
  for (const place of places) {
    for (const inner of [...references, ...harmless]) {
      const compilation = compileSchema(place(inner), { assertFormats: true });
      if (compilation.ok) for (const value of values) validate(compilation.compiled, value);
      tried.push(compilation.ok);
      expect(compilation.ok).toBe(!references.includes(inner as (typeof references)[number]));
    }
  }
  // A lookup would be on its way by now; an own connection that comes after it is seen, and alone.
  await (await fetch(url)).text();
  expect({ tried: tried.length, connections }).toEqual({ tried: 256, connections: 1 });
});

test("a schema cannot resolve another schema's $id, whichever is made ready first", () => {
  const $id = 'https://example.org/a';
  const first = compileSchema(
    { $id, $anchor: 'here', $dynamicAnchor: 'meta', type: 'number' },
    { assertFormats: true },
  );
  expect(first.ok).toBe(true);
  for (const reference of [$id, `${$id}#here`, 'a', '#here']) {
    const second = compileSchema({ $id: 'https://example.org/b', $ref: reference }, { assertFormats: true });
    expect(second.ok).toBe(false);
  }
  const other = compileSchema({ $id, type: 'string' }, { assertFormats: true });
  if (!other.ok || !first.ok) throw new Error('both are in order');
  expect(validate(other.compiled, 'a').outcome).toBe('valid');
  expect(validate(first.compiled, 'a').outcome).toBe('invalid');
});
