import { jsonWithinBounds, type Work } from '@agent-registry/criteria';
import { fixedLimits } from '../limits.ts';
import type { CheckResult, ProgramAssertion } from '../worker/protocol.ts';
import { checkExpression } from './check-assertion.ts';

/** What a program did: what it printed, and how it ended. */
export interface ProgramEnd {
  readonly stdout: string;
  readonly exit_code: number;
}

/** The CEL expression over `stdout`, `json` and `exit_code` of one run of a program is true. */
export function checkProgramAssertion(test: ProgramAssertion, end: ProgramEnd, work: Work): CheckResult {
  return checkExpression(test.expression, { ...end, json: readJson(end.stdout) }, work);
}

/** Null for what is not JSON, or too deep or large to be looked at. */
function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const { deliverableDepth, deliverableValues } = fixedLimits;
    return jsonWithinBounds(value, deliverableDepth, deliverableValues) ? value : null;
  } catch {
    return null;
  }
}
