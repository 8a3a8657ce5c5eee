import { readTestRunnerConfig } from '@agent-registry/config';
import { runService, systemClock } from '@agent-registry/service-kit';
import { createOidcVerifier } from '@agent-registry/tasks';
import { createContext } from './context.ts';
import { sandboxOptions } from './limits.ts';
import { createServer } from './server.ts';
import { superviseSandbox } from './supervise-sandbox.ts';

await runService({
  name: 'test-runner',
  readConfig: readTestRunnerConfig,
  createServer,
  createContext: async ({ verification, oidc, allowWatchdog }, observability) => {
    const { verify } = createOidcVerifier({ ...oidc, clock: systemClock });
    // First: it closes every descriptor that it finds open and does not know.
    const sandbox = await superviseSandbox(sandboxOptions(verification, allowWatchdog));
    const context = await createContext({ ...observability, verification, verifyToken: verify, sandbox });
    observability.log.info({ runtimes: context.backends.flatMap(({ runtimes }) => runtimes) }, 'runtimes');
    return context;
  },
});
