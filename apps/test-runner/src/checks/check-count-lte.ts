import type { CountLteTest } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';
import { countNodes } from './count-nodes.ts';

/** The path selects at most `max_count`. */
export function checkCountLte(test: CountLteTest, deliverable: unknown): CheckResult {
  const count = countNodes(test.path, deliverable);
  const outcome = count <= test.maxCount ? 'passed' : 'failed';
  return { outcome, message: `Counted ${count}, at most ${test.maxCount} wanted.` };
}
