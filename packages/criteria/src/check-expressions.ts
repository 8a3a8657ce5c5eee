import { bracketsWithinBounds, criteriaBounds } from './bounds.ts';
import { wrongCel, wrongCelSyntax } from './cel/index.ts';
import { wrongJsonPath } from './json-path/index.ts';
import { type Problems, reason, report } from './problems.ts';
import { compileRegex, foldedClassCount } from './regex/compile-regex.ts';
import { programBound } from './regex/program-bound.ts';

/** Checks that a pattern is RE2, the syntax that matches in linear time, and that it and its suite stay within their bounds. */
export function checkPattern(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a string');
  const { pattern, suitePatternText, suitePatternProgram, suiteFoldedClasses } = criteriaBounds;
  if (value.length > pattern) return report(problems, path, `is longer than ${pattern} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  problems.patternText += value.length;
  problems.patternProgram += programBound(value);
  problems.foldedClasses += foldedClassCount(value);
  if (problems.patternText > suitePatternText) {
    return report(problems, path, `the patterns of a suite are longer than ${suitePatternText} characters`);
  }
  if (problems.patternProgram > suitePatternProgram || problems.foldedClasses > suiteFoldedClasses) {
    return report(problems, path, 'the patterns of a suite repeat too much');
  }
  try {
    compileRegex(value);
    return value;
  } catch (error) {
    return report(problems, path, `is not a regular expression in RE2 syntax: ${reason(error)}`);
  }
}

/** Checks that an expression is CEL over these variables, and that it can be true or false. */
export function checkExpression(
  problems: Problems,
  path: string,
  value: unknown,
  variables: readonly string[] = ['output'],
): string | null {
  if (typeof value !== 'string' || value.trim() === '') {
    return report(problems, path, 'must be a CEL expression');
  }
  const { expression } = criteriaBounds;
  if (value.length > expression) return report(problems, path, `is longer than ${expression} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  // Criteria that an earlier version accepted are run as they are: their expressions fail at run time.
  const wrong = problems.isProposal ? wrongCel(value, variables) : wrongCelSyntax(value);
  return wrong === null ? value : report(problems, path, wrong);
}

/** Checks that a path is JSONPath, RFC 9535, with the patterns in it. */
export function checkJsonPath(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a JSONPath');
  const { jsonPath } = criteriaBounds;
  if (value.length > jsonPath) return report(problems, path, `is longer than ${jsonPath} characters`);
  if (!bracketsWithinBounds(value)) return report(problems, path, 'nests too deeply');
  const wrong = wrongJsonPath(value);
  return wrong === null ? value : report(problems, path, wrong);
}
