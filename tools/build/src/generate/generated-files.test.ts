import { readFileSync } from 'node:fs';
import { type Contract, contracts } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { generatedFiles } from './generated-files.ts';
import { buildDocument } from './openapi/build-document.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name?: string; readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example: unknown }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const document = buildDocument() as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, operation })),
);

test.each(generatedFiles.map(({ path, content }) => [path, content] as const))(
  '%s is committed as it is generated',
  (path, content) => {
    const committed = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
    expect(committed === content()).toBe(true);
  },
);

test('generating twice writes the same', () => {
  for (const { content } of generatedFiles) expect(content()).toBe(content());
});

test('operation ids are unique', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every parameter in a path is described', () => {
  for (const { path, operation } of operations) {
    const named = (operation.parameters ?? []).map((parameter) => parameter.name);
    for (const [, name] of path.matchAll(/\{([a-z_]+)\}/g)) expect(named).toContain(name);
  }
});

test('every example of a request passes the contract it is an example of', () => {
  for (const contract of Object.values(contracts) as readonly Contract[]) {
    if (contract.body === undefined) continue;
    const found = operations.find(({ operation }) => operation.operationId === contract.id);
    const example = found?.operation.requestBody?.content['application/json']?.example;
    expect([contract.id, contract.body.safeParse(example).error?.issues]).toEqual([contract.id, undefined]);
  }
});

test('every endpoint names the refusals that can happen to any request', () => {
  for (const { path, operation } of operations) {
    if (['/health', '/ready', '/openapi.json', '/docs'].includes(path)) continue;
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '429', '500', '503']));
  }
});
