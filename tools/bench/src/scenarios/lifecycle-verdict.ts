import { openLifecycles, PASSING } from '../lifecycles.ts';
import type { Scenario } from '../scenario.ts';

export const lifecycleVerdict: Scenario = {
  name: 'lifecycle-verdict',
  about: 'the same with a test suite: its last POST waits for the verdict',
  needsRedis: true,
  open: (subject) =>
    openLifecycles(subject, { label: 'job with verdict', loads: [1, 8, 32, 128], criteria: PASSING }),
};
