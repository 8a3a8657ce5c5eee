import {
  countWork,
  criteriaBounds,
  type DeclarativeTest,
  TooExpensive,
  type Work,
} from '@agent-registry/criteria';
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
 * Runs one declarative check. More counted work than any check may take fails it, the same on every machine. Whatever else is
 * thrown is the harness's fault.
 */
export function runCheck(test: WorkerTest, deliverable: unknown): CheckResult {
  try {
    const result = evaluate(test, deliverable, countWork(criteriaBounds.checkSteps, 'steps'));
    return { outcome: result.outcome, message: storableText(result.message, messageChars) };
  } catch (error) {
    if (error instanceof TooExpensive) return { outcome: 'failed', message: error.message };
    throw error;
  }
}

function evaluate(test: WorkerTest, deliverable: unknown, work: Work): CheckResult {
  switch (test.type) {
    case 'json_schema':
      return checkJsonSchema(test, deliverable);
    case 'count_gte':
      return checkCountGte(test, deliverable, work);
    case 'count_lte':
      return checkCountLte(test, deliverable, work);
    case 'contains':
      return checkContains(test, deliverable, work);
    case 'checksum':
      return checkChecksum(test, deliverable);
    case 'assertion':
      return checkAssertion(test, deliverable, work);
    case 'program_assertion':
      return checkProgramAssertion(test, deliverable as ProgramEnd, work);
  }
}
