import { loadEnv, readDispatcherConfig } from '@agent-registry/config';
import { resealSecrets, runOperation } from '@agent-registry/operations';
import { bootOrExit } from '@agent-registry/service-kit';
import { createContext } from './context.ts';

// After PLATFORM_SIGNING_KEY was replaced and every service runs with the new key, the old one among those accepted:
// seals agents' webhook secrets anew, so that the old key can be dropped. Safe to run at any time, and twice.
await bootOrExit(async () => {
  const context = await createContext(
    readDispatcherConfig(loadEnv({ cwd: process.cwd(), env: process.env })),
  );
  try {
    let total = 0;
    for (let after: string | null = null, more = true; more; ) {
      const { value } = await runOperation(context, (op) => resealSecrets(op, { after }));
      total += value.resealed;
      after = value.next;
      more = value.next !== null;
    }
    console.log(`${total} agents' secrets sealed anew under key ${context.sealer.keyId}`);
  } finally {
    await context.close();
  }
});
