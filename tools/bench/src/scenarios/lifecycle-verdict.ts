import { openLifecycles } from '../lifecycles.ts';
import { suiteOf } from '../runtimes.ts';
import type { Scenario } from '../scenario.ts';

/** In QuickJS, so that what is measured is the way to the verdict. */
const PASSES = suiteOf({
  params: { runtime: 'javascript', script: Buffer.from('exit(0)').toString('base64') },
});

export const lifecycleVerdict: Scenario = {
  name: 'lifecycle-verdict',
  about: 'the same with a test suite: its last POST waits for the verdict',
  needsRedis: true,
  open: (subject) =>
    openLifecycles(subject, { label: 'job with verdict', loads: [1, 8, 32, 128], criteria: PASSES }),
};
