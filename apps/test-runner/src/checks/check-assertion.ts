import { type AssertionTest, CelError, evaluateCel, type Work } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

/** The CEL expression over `output`, the deliverable, is true. JSON numbers are CEL doubles. */
export function checkAssertion(test: AssertionTest, deliverable: unknown, work: Work): CheckResult {
  return checkExpression(test.expression, { output: deliverable }, work);
}

/** The CEL expression over these variables is true. */
export function checkExpression(
  expression: string,
  variables: Readonly<Record<string, unknown>>,
  work: Work,
): CheckResult {
  const value = evaluateCel(expression, variables, work);
  if (value === true) return { outcome: 'passed', message: 'The expression is true.' };
  if (value === false) return { outcome: 'failed', message: 'The expression is false.' };
  const what = value instanceof CelError ? value.message : 'its value is not true or false';
  return { outcome: 'failed', message: `The expression has no answer: ${what}.` };
}
