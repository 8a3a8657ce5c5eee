/**
 * Bounds on acceptance criteria. The API parses them in its own process, so each bound is checked before the parser
 * it protects is called. Lengths of text are in UTF-16 code units.
 */
export const criteriaBounds = {
  tests: 20,
  /** Nesting and number of values of the whole criteria, schemas included. */
  depth: 64,
  values: 50_000,
  testId: 100,
  scriptBytes: 1_048_576,
  schemaDepth: 40,
  schemaValues: 10_000,
  schemaReferences: 200,
  /** Code units of an `$id` resolved against its base. */
  schemaUri: 2_000,
  /** What validating one value by a schema may take: applications of keywords, and schemas within schemas. */
  schemaBudget: { work: 10_000_000, depth: 1_000 },
  expression: 500,
  jsonPath: 1_000,
  pattern: 1_000,
  /** Deepest nesting of brackets in an expression, path or pattern, and how many of them. */
  bracketDepth: 32,
  brackets: 200,
  /** Instructions that a pattern may compile to: its parts, times their counted repeats such as `{1,500}`. */
  patternProgram: 5_000,
  /** Classes such as `[a-z]` of a pattern with `(?i)`. */
  foldedClasses: 50,
  /** Over all patterns of one suite. */
  suitePatternText: 8_000,
  suitePatternProgram: 10_000,
  suiteFoldedClasses: 100,
  /** Counted work of one check, the same on every machine: some seconds at most. */
  checkSteps: 20_000_000,
  /** How many errors are told at once. */
  errors: 20,
} as const;

/** What an expression's brackets add up to, whatever quotes surround them: an upper bound is all we need. */
export function bracketsWithinBounds(text: string): boolean {
  let depth = 0;
  let opened = 0;
  for (const char of text) {
    if (char === '(' || char === '[' || char === '{') {
      depth += 1;
      opened += 1;
      if (depth > criteriaBounds.bracketDepth || opened > criteriaBounds.brackets) return false;
    } else if (char === ')' || char === ']' || char === '}') {
      depth = Math.max(0, depth - 1);
    }
  }
  return true;
}

/** Says whether a JSON value stays within `depth` and `values`, without recursion. */
export function jsonWithinBounds(value: unknown, depth: number, values: number): boolean {
  let level: unknown[] = [value];
  let seen = 1;
  for (let at = 0; level.length > 0; at += 1) {
    if (at > depth) return false;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      const children: unknown[] = Array.isArray(item) ? item : Object.values(item);
      seen += children.length;
      if (seen > values) return false;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return true;
}
