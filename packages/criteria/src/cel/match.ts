import { createRegexCache } from '../regex/regex-cache.ts';
import type { Work } from '../work.ts';
import { CelError, type Result } from './values.ts';

const compile = createRegexCache();

/** `text.matches(pattern)`: whether the pattern, in RE2 syntax, is found in the text. */
export function matchesPattern([text, pattern]: [string, string], work: Work): Result {
  const regex = compile(pattern, work);
  return regex instanceof Error
    ? new CelError(`not a regular expression in RE2 syntax: ${regex.message}`)
    : regex.find(text, work);
}
