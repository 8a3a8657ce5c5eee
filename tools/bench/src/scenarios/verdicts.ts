import pg from 'pg';
import { deliverAndPass, openPairs, startJob } from '../lifecycles.ts';
import { callFor, createSender } from '../load.ts';
import { findRuntimes, type Runtime, suiteOf } from '../runtimes.ts';
import type { Case, Scenario } from '../scenario.ts';
import { readHops, type SeenVerdict, tellHops, type VerdictHops } from '../verdict-hops.ts';

export const verdicts: Scenario = {
  name: 'verdicts',
  about: 'from the delivery to the client’s answer that it passed, by runtime and hop, one after the other',
  needsRedis: true,
  open: async (subject) => {
    const [pair] = await openPairs(subject, 1);
    const { offered, skipped } = await findRuntimes(subject.stack);
    const db = new pg.Client({ connectionString: subject.stack.databaseUrl });
    await db.connect();
    const sender = createSender(subject.stack.apiUrl, 1);
    const timeVerdict = async (criteria: object): Promise<SeenVerdict & { readonly tookMs: number }> => {
      const path = await startJob(sender, pair!, criteria);
      const [sentAtMs, beganAtMs] = [Date.now(), performance.now()];
      await deliverAndPass(sender, pair!, path);
      const tookMs = performance.now() - beganAtMs;
      return { jobId: path.split('/').at(-1)!, sentAtMs, answeredAtMs: sentAtMs + tookMs, tookMs };
    };
    const caseOf = (runtime: Runtime): Case => {
      const hops: VerdictHops[] = [];
      return {
        label: `deliver → PASS, ${runtime.name}`,
        load: 1,
        unit: 'verdict',
        run: async (seconds) => {
          const seen: SeenVerdict[] = [];
          const taken = await callFor(seconds, 1, async () => {
            const verdict = await timeVerdict(suiteOf(runtime));
            seen.push(verdict);
            return verdict.tookMs;
          });
          hops.push(...(await readHops(db, seen)));
          return taken;
        },
        tell: () => tellHops(hops),
      };
    };
    return {
      cases: offered.map(caseOf),
      skipped,
      note: 'CPU and rate are those of whole jobs',
      close: async () => {
        sender.close();
        await db.end();
      },
    };
  },
};
