import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compileSchema, validate } from './index.ts';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

const data = process.env.CONFORMANCE_DIR;
const suite = data === undefined ? describe.skip : describe;

/** Runs the groups of every file in a folder: how many tests are right, and what is refused or wrong. */
function runFolder(folder: string, assertFormats: boolean) {
  const path = join(data ?? '', 'json-schema-2020-12', folder);
  const wrong: string[] = [];
  const refused = new Map<string, number>();
  let right = 0;
  for (const file of readdirSync(path).filter((name) => name.endsWith('.json'))) {
    for (const group of JSON.parse(readFileSync(join(path, file), 'utf8')) as Group[]) {
      const compilation = compileSchema(group.schema, { assertFormats });
      if (!compilation.ok) {
        const reason = `${file}: ${compilation.errors[0]?.message}`;
        refused.set(reason, (refused.get(reason) ?? 0) + group.tests.length);
        continue;
      }
      for (const { description, data: value, valid } of group.tests) {
        const { outcome } = validate(compilation.compiled, value);
        if (outcome === (valid ? 'valid' : 'invalid')) right += 1;
        else wrong.push(`${file}: ${group.description}: ${description}: ${outcome}`);
      }
    }
  }
  return { right, wrong, refused: Object.fromEntries(refused) };
}

const draftOnly = 'must be https://json-schema.org/draft/2020-12/schema, or absent';
const olderDraft = 'is not of JSON Schema 2020-12: use dependentRequired or dependentSchemas';

suite('JSON-Schema-Test-Suite 2020-12, read from CONFORMANCE_DIR', () => {
  test('the required tests of JSON Schema’s suite pass, and only what leaves the schema is refused', () => {
    expect(runFolder('', false)).toEqual({
      right: 1_250,
      wrong: [],
      refused: {
        'dynamicRef.json: leads out of the schema': 13,
        'refRemote.json: leads out of the schema': 31,
        [`vocabulary.json: ${draftOnly}`]: 5,
      },
    });
  });

  test('the optional tests of JSON Schema’s suite pass, or are refused by name', () => {
    expect(runFolder('optional', false)).toEqual({
      right: 111,
      wrong: [],
      refused: {
        'cross-draft.json: leads out of the schema': 1,
        [`dependencies-compatibility.json: ${olderDraft}`]: 36,
        [`format-assertion.json: ${draftOnly}`]: 4,
        'refOfUnknownKeyword.json: leads to no schema': 10,
      },
    });
  });

  test('the tests of formats of JSON Schema’s suite pass when formats are asserted', () => {
    expect(runFolder('optional/format', true)).toEqual({ right: 764, wrong: [], refused: {} });
  });
});
