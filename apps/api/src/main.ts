import { loadEnv, readApiConfig } from '@agent-registry/config';
import { bootOrExit, createLogger, serve, startTelemetry } from '@agent-registry/service-kit';
import { closeContext, createContext } from './create-context.ts';
import { answerMalformed } from './middleware/malformed.ts';
import { createServer } from './server.ts';

await bootOrExit(async () => {
  const config = readApiConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
  const { host, port, logLevel: level, project, otlpEndpoint } = config;
  const log = createLogger({ service: 'api', level, project });
  const telemetry = await startTelemetry({ service: 'api', endpoint: otlpEndpoint });
  const context = createContext(config, { log, telemetry });
  const { url } = await serve({
    app: createServer(context),
    host,
    port,
    log,
    answerMalformed: answerMalformed(context),
    onStopping: context.stop,
    shutdown: () => closeContext(context),
  });
  log.info({ url }, `API on ${url}`);
});
