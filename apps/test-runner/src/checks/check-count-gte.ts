import type { CountGteTest } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';
import { countNodes } from './count-nodes.ts';

/** The path selects at least `min_count`. */
export function checkCountGte(test: CountGteTest, deliverable: unknown): CheckResult {
  const count = countNodes(test.path, deliverable);
  const outcome = count >= test.minCount ? 'passed' : 'failed';
  return { outcome, message: `Counted ${count}, at least ${test.minCount} wanted.` };
}
