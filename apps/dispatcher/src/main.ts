import { loadEnv, maskedSummary, readDispatcherConfig } from '@agent-registry/config';
import { bootOrExit, serve } from '@agent-registry/service-kit';
import { createContext } from './context.ts';
import { createServer } from './server.ts';

await bootOrExit(async () => {
  const config = readDispatcherConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
  const context = await createContext(config);
  context.log.info({ config: maskedSummary(config) }, 'starting');
  const { url } = await serve({
    app: createServer(context),
    host: config.host,
    port: config.port,
    log: context.log,
    onStopping: context.stop,
    shutdown: context.close,
  });
  context.log.info(`listening on ${url}`);
});
