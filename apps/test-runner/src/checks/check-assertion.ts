import type { AssertionTest } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';
import { type CelInput, CelScalar, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import type { CheckResult } from '../worker/protocol.ts';

const messageChars = 300;

/** The CEL expression over `output`, the deliverable, is true. JSON numbers are CEL doubles. */
export function checkAssertion(test: AssertionTest, deliverable: unknown): CheckResult {
  return checkExpression(test.expression, { output: deliverable });
}

/** The CEL expression over these variables is true. */
export function checkExpression(
  expression: string,
  variables: Readonly<Record<string, unknown>>,
): CheckResult {
  const types = Object.fromEntries(Object.keys(variables).map((name) => [name, CelScalar.DYN]));
  const environment = celEnv({ variables: types });
  const value = plan(environment, parse(expression))(variables as Record<string, CelInput>);
  if (value === true) return { outcome: 'passed', message: 'The expression is true.' };
  if (value === false) return { outcome: 'failed', message: 'The expression is false.' };
  const what = isCelError(value)
    ? storableText(value.message, messageChars)
    : 'its value is not true or false';
  return { outcome: 'invalid', message: `The expression could not be judged: ${what}.` };
}
