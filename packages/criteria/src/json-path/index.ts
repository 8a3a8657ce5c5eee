import { storableText } from '@agent-registry/schemas';
import { reason } from '../problems.ts';
import { compileRegex } from '../regex/compile-regex.ts';
import { translateIRegexp } from '../regex/i-regexp.ts';
import type { Work } from '../work.ts';
import { testFilter } from './filter.ts';
import { parseJsonPath, patternsOf } from './parse.ts';
import { select } from './select.ts';

/** Says why a text is no JSONPath of RFC 9535 that can be evaluated; null when it is one. */
export function wrongJsonPath(text: string): string | null {
  try {
    for (const pattern of patternsOf(parseJsonPath(text))) {
      const wrong = wrongIRegexp(pattern);
      if (wrong !== null) return wrong;
    }
    return null;
  } catch (error) {
    return `is not a JSONPath of RFC 9535: ${reason(error)}`;
  }
}

function wrongIRegexp(pattern: string): string | null {
  try {
    compileRegex(translateIRegexp(pattern));
    return null;
  } catch (error) {
    return `its pattern ${JSON.stringify(storableText(pattern, 50))} is no I-Regexp (RFC 9485): ${reason(error)}`;
  }
}

/**
 * How many nodes a JSONPath selects. A path that can select one node only, and selects an array, counts the array's
 * elements: `$.records` and `$.records[*]` mean the same number.
 *
 * @throws TooExpensive when the work runs out
 */
export function countNodes(path: string, root: unknown, work: Work): number {
  const query = parseJsonPath(path);
  const values = select(query, root, { root, work, keeps: testFilter });
  const [only] = values;
  return query.singularQuery() && Array.isArray(only) ? only.length : values.length;
}
