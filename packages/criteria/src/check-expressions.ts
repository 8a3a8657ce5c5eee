import { parse as parseCelText } from '@bufbuild/cel';
import { compile as compileJsonPath } from 'json-p3';
import { RE2JS } from 're2js';
import { bracketsWithinBounds, criteriaBounds } from './bounds.ts';
import { type Problems, reason, report } from './problems.ts';

const repeat = /\{(\d{1,9})(?:,(\d{0,9}))?\}/g;

/** The sum of a pattern's counted repeats: what multiplies its compiled size. */
function countRepeats(pattern: string): number {
  let sum = 0;
  for (const [, low, high] of pattern.matchAll(repeat)) sum += Math.max(Number(low), Number(high ?? 0));
  return sum;
}

/** Checks that a pattern parses as RE2, the syntax that matches in linear time. */
export function checkPattern(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a string');
  const { pattern, suitePatternText, suiteRepeats } = criteriaBounds;
  if (value.length > pattern) return report(problems, path, `is longer than ${pattern} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  problems.patternText += value.length;
  problems.repeats += countRepeats(value);
  if (problems.patternText > suitePatternText) {
    return report(problems, path, `the patterns of a suite are longer than ${suitePatternText} characters`);
  }
  if (problems.repeats > suiteRepeats) {
    return report(problems, path, `the patterns of a suite count more than ${suiteRepeats} repeats`);
  }
  try {
    RE2JS.compile(value);
    return value;
  } catch (error) {
    return report(problems, path, `is not a regular expression in RE2 syntax: ${reason(error)}`);
  }
}

/** Checks that an expression parses as CEL. */
export function checkExpression(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') {
    return report(problems, path, 'must be a CEL expression');
  }
  const { expression } = criteriaBounds;
  if (value.length > expression) return report(problems, path, `is longer than ${expression} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  try {
    parseCelText(value);
    return value;
  } catch (error) {
    return report(problems, path, `is not a CEL expression: ${reason(error)}`);
  }
}

/** Checks that a path parses as JSONPath, RFC 9535. */
export function checkJsonPath(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a JSONPath');
  const { jsonPath } = criteriaBounds;
  if (value.length > jsonPath) return report(problems, path, `is longer than ${jsonPath} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  try {
    compileJsonPath(value);
    return value;
  } catch (error) {
    return report(problems, path, `is not a JSONPath of RFC 9535: ${reason(error)}`);
  }
}
