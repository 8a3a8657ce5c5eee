import type { DeclarativeTest } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';
import type { CheckResult, ProgramAssertion } from '../worker/protocol.ts';
import { checkAssertion } from './check-assertion.ts';
import { checkChecksum } from './check-checksum.ts';
import { checkContains } from './check-contains.ts';
import { checkCountGte } from './check-count-gte.ts';
import { checkCountLte } from './check-count-lte.ts';
import { checkJsonSchema } from './check-json-schema.ts';
import { checkProgramAssertion, type ProgramEnd } from './check-program-assertion.ts';

/** The checks that look at what a party wrote, and so run in a worker. */
export type WorkerTest = Exclude<DeclarativeTest, { type: 'latency_lte' }> | ProgramAssertion;

const messageChars = 500;

/**
 * Runs one declarative check. What a library throws about this schema, path, expression or deliverable makes
 * the test `invalid`; the harness is not to blame for it.
 */
export function runCheck(test: WorkerTest, deliverable: unknown): CheckResult {
  try {
    const result = evaluate(test, deliverable);
    return { outcome: result.outcome, message: storableText(result.message, messageChars) };
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown reason';
    return { outcome: 'invalid', message: storableText(`Could not be judged: ${text}`, messageChars) };
  }
}

function evaluate(test: WorkerTest, deliverable: unknown): CheckResult {
  switch (test.type) {
    case 'json_schema':
      return checkJsonSchema(test, deliverable);
    case 'count_gte':
      return checkCountGte(test, deliverable);
    case 'count_lte':
      return checkCountLte(test, deliverable);
    case 'contains':
      return checkContains(test, deliverable);
    case 'checksum':
      return checkChecksum(test, deliverable);
    case 'assertion':
      return checkAssertion(test, deliverable);
    case 'program_assertion':
      return checkProgramAssertion(test, deliverable as ProgramEnd);
  }
}
