import { loadEnv, readTestRunnerConfig } from '@agent-registry/config';
import { bootOrExit, createLogger, serve, startTelemetry, systemClock } from '@agent-registry/service-kit';
import { createOidcVerifier } from '@agent-registry/tasks';
import { createContext } from './context.ts';
import { sandboxOptions } from './limits.ts';
import { createServer } from './server.ts';
import { superviseSandbox } from './supervise-sandbox.ts';

const service = 'test-runner';

await bootOrExit(async () => {
  const config = readTestRunnerConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
  const log = createLogger({ service, level: config.logLevel, project: config.project });
  const telemetry = await startTelemetry({ service, endpoint: config.otlpEndpoint });
  const { verify } = createOidcVerifier({ ...config.oidc, clock: systemClock });
  // First: it closes every descriptor that it finds open and does not know.
  const sandbox = await superviseSandbox(sandboxOptions(config.verification, config.allowWatchdog));
  const context = await createContext({
    log,
    verification: config.verification,
    verifyToken: verify,
    sandbox,
  });
  const { url } = await serve({
    app: createServer(context, telemetry),
    host: config.host,
    port: config.port,
    log,
    onStopping: context.stop,
    shutdown: async () => {
      await context.close();
      await telemetry.shutdown();
    },
  });
  log.info({ url, runtimes: context.backends.flatMap(({ runtimes }) => runtimes) }, 'test-runner is ready');
});
