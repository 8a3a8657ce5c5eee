import { type CountLteTest, countNodes, type Work } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

/** The path selects at most `max_count`. */
export function checkCountLte(test: CountLteTest, deliverable: unknown, work: Work): CheckResult {
  const count = countNodes(test.path, deliverable, work);
  const outcome = count <= test.maxCount ? 'passed' : 'failed';
  return { outcome, message: `Counted ${count}, at most ${test.maxCount} wanted.` };
}
