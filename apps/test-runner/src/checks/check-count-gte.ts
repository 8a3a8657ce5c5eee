import { type CountGteTest, countNodes, type Work } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

/** The path selects at least `min_count`. */
export function checkCountGte(test: CountGteTest, deliverable: unknown, work: Work): CheckResult {
  const count = countNodes(test.path, deliverable, work);
  const outcome = count >= test.minCount ? 'passed' : 'failed';
  return { outcome, message: `Counted ${count}, at least ${test.minCount} wanted.` };
}
