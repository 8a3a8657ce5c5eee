import { deliverAndPass, openPairs, startJob } from '../lifecycles.ts';
import { callFor, createSender } from '../load.ts';
import { findRuntimes, suiteOf } from '../runtimes.ts';
import type { Scenario } from '../scenario.ts';

export const verdicts: Scenario = {
  name: 'verdicts',
  about: 'from the delivery to the client’s answer that it passed, by runtime, one after the other',
  needsRedis: true,
  open: async (subject) => {
    const [pair] = await openPairs(subject, 1);
    const { offered, skipped } = await findRuntimes(subject.stack);
    const sender = createSender(subject.stack.apiUrl, 1);
    const timeVerdict = async (criteria: object): Promise<number> => {
      const path = await startJob(sender, pair!, criteria);
      const deliveredAtMs = performance.now();
      await deliverAndPass(sender, pair!, path);
      return performance.now() - deliveredAtMs;
    };
    return {
      cases: offered.map((runtime) => ({
        label: `deliver → PASS, ${runtime.name}`,
        load: 1,
        unit: 'verdict',
        run: (seconds) => callFor(seconds, 1, () => timeVerdict(suiteOf(runtime))),
      })),
      skipped,
      note: 'CPU and rate are those of whole jobs',
      close: sender.close,
    };
  },
};
