import { openLifecycles } from '../lifecycles.ts';
import type { Scenario } from '../scenario.ts';

export const oneClient: Scenario = {
  name: 'one-client',
  about: 'jobs of 8 and of 200 sellers at once that one client pays: all wait for one balance',
  needsRedis: true,
  open: (subject) =>
    openLifecycles(subject, { label: 'job, one client', loads: [8, 200], shareClient: true }),
};
