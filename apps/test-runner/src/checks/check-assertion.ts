import type { AssertionTest } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';
import { type CelInput, CelScalar, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import type { CheckResult } from '../worker/protocol.ts';

const messageChars = 300;

/** The CEL expression over `output`, the deliverable, is true. JSON numbers are CEL doubles. */
export function checkAssertion(test: AssertionTest, deliverable: unknown): CheckResult {
  const environment = celEnv({ variables: { output: CelScalar.DYN } });
  const value = plan(environment, parse(test.expression))({ output: deliverable as CelInput });
  if (value === true) return { outcome: 'passed', message: 'The expression is true.' };
  if (value === false) return { outcome: 'failed', message: 'The expression is false.' };
  const what = isCelError(value)
    ? storableText(value.message, messageChars)
    : 'its value is not true or false';
  return { outcome: 'invalid', message: `The expression could not be judged: ${what}.` };
}
