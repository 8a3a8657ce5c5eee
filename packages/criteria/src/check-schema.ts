import { criteriaBounds, jsonWithinBounds } from './bounds.ts';
import { checkPattern } from './check-expressions.ts';
import { emptyEnumsOf, patternsOf, readSchema, toRe2 } from './json-schema/index.ts';
import { isObject, type Problems, report } from './problems.ts';

type Schema = Record<string, unknown> | boolean;

/**
 * Checks a JSON Schema of 2020-12 without making it ready: that its references stay inside it, lead somewhere and do not come
 * back to themselves, and that its patterns are RE2, which is what matches them later.
 */
export function checkSchema(problems: Problems, path: string, value: unknown): Schema | null {
  if (!isObject(value) && typeof value !== 'boolean') return report(problems, path, 'must be a JSON Schema');
  const { schemaDepth, schemaValues } = criteriaBounds;
  if (!jsonWithinBounds(value, schemaDepth, schemaValues)) {
    return report(
      problems,
      path,
      `is deeper than ${schemaDepth} levels or larger than ${schemaValues} values`,
    );
  }
  const before = problems.errors.length;
  const at = (inside: string): string => (inside === '' ? path : `${path}.${inside}`);
  const read = readSchema(value);
  if (!read.ok) {
    for (const error of read.errors) report(problems, at(error.path), error.message);
    return null;
  }
  for (const inside of emptyEnumsOf(read.checked))
    report(problems, at(inside), 'is empty, so that nothing is valid');
  for (const { path: inside, pattern } of patternsOf(read.checked))
    checkPattern(problems, at(inside), toRe2(pattern));
  return problems.errors.length === before ? value : null;
}
