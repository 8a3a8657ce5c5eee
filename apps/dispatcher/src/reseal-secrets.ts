import { loadEnv, readDispatcherConfig } from '@agent-registry/config';
import { commit, type Op, resealChecks, resealHiddenCases, resealSecrets } from '@agent-registry/operations';
import { bootOrExit, observe } from '@agent-registry/service-kit';
import { createContext, type DispatcherContext } from './context.ts';

// For a key rotation: once every service runs with the new PLATFORM_SIGNING_KEY and still accepts the old one, seals webhook secrets
// and hidden cases anew, so that the old key can be dropped. Safe to run at any time, and twice.
await bootOrExit(async () => {
  const config = readDispatcherConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
  const context = createContext(config, await observe('dispatcher', config));
  try {
    const agents = await resealAll(context, resealSecrets);
    const jobs = await resealAll(context, resealHiddenCases);
    const checks = await resealAll(context, resealChecks);
    const under = `sealed anew under key ${context.sealer.keyId}`;
    console.log(`${agents} agents' secrets, ${jobs} jobs' and ${checks} checks' hidden cases ${under}`);
  } finally {
    await context.close();
  }
});

type Reseal = (op: Op, input: { after: string | null }) => Promise<{ resealed: number; next: string | null }>;

/** Batch after batch, each a transaction of its own. */
async function resealAll(context: DispatcherContext, reseal: Reseal): Promise<number> {
  let total = 0;
  for (let after: string | null = null, more = true; more; ) {
    const { value } = await commit(context, (op) => reseal(op, { after }));
    total += value.resealed;
    after = value.next;
    more = value.next !== null;
  }
  return total;
}
