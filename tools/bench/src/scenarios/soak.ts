import { openLifecycles } from '../lifecycles.ts';
import type { Scenario } from '../scenario.ts';

const MINUTES = 10;

export const soak: Scenario = {
  name: 'soak',
  about: `the jobs of 128 pairs of agents for ${MINUTES} minutes: does the memory grow?`,
  long: true,
  needsRedis: true,
  leastSeconds: MINUTES * 60,
  slices: MINUTES * 6,
  open: (subject) => openLifecycles(subject, { label: 'soak', loads: [128] }),
};
