import { openLifecycles } from '../lifecycles.ts';
import type { Scenario } from '../scenario.ts';

export const lifecycle: Scenario = {
  name: 'lifecycle',
  about: 'a job’s six signed POSTs, propose to complete, by 1 to 128 pairs of agents',
  needsRedis: true,
  open: (subject) => openLifecycles(subject, { label: 'job, no suite', loads: [1, 8, 32, 128] }),
};
