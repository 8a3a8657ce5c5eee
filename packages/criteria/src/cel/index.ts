import { reason } from '../problems.ts';
import { TooExpensive, type Work } from '../work.ts';
import { wrongExpression } from './check.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { parseCel } from './parse.ts';
import { CelError, fromJson, type Result } from './values.ts';

/** Says why a text is no CEL expression that can be true or false over these variables; null when it is one. */
export function wrongCel(text: string, variables: readonly string[]): string | null {
  try {
    return wrongExpression(parseCel(text), variables);
  } catch (error) {
    if (error instanceof TooExpensive) return error.message;
    return `is not a CEL expression: ${reason(error)}`;
  }
}

/** Says why a text is no CEL expression at all; null when it is one. */
export function wrongCelSyntax(text: string): string | null {
  try {
    parseCel(text);
    return null;
  } catch (error) {
    return `is not a CEL expression: ${reason(error)}`;
  }
}

/**
 * Evaluates a CEL expression over variables that hold JSON; their numbers are doubles.
 *
 * @returns its value, or why there is none
 * @throws TooExpensive when the work runs out
 */
export function evaluateCel(text: string, variables: Readonly<Record<string, unknown>>, work: Work): Result {
  let scope: Scope | null = null;
  for (const [name, value] of Object.entries(variables))
    scope = { name, value: fromJson(value), outer: scope };
  return evaluate(parseCel(text), scope, work);
}

export { CelError };
