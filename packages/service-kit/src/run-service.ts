import type { RequestListener } from 'node:http';
import { type Env, loadEnv, maskedSummary } from '@agent-registry/config';
import { bootOrExit } from './boot.ts';
import { createLogger, type Logger } from './logger.ts';
import { type ServeOptions, serve } from './serve.ts';
import { startTelemetry } from './start-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What every service's configuration holds. */
export interface ServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** The Google Cloud project, or null. */
  readonly project: string | null;
  readonly otlpEndpoint: string | null;
}

/** How a service is observed. */
export interface Observability {
  readonly log: Logger;
  readonly telemetry: Telemetry;
}

/** What every service's context can do. */
export interface ServiceContext {
  /** Called at once when the service is told to stop: waiting requests answer, long tasks abort. */
  readonly stop: () => void;
  /** Closes what the context opened, once no request is left. */
  readonly close: () => Promise<void>;
}

/** A service's body: configuration, then context, then server. */
export interface Service<Config extends ServiceConfig, Context extends ServiceContext> {
  readonly name: string;
  /** Throws `ConfigError`. */
  readonly readConfig: (env: Env) => Config;
  readonly createContext: (config: Config, observability: Observability) => Context | Promise<Context>;
  readonly createServer: (context: Context) => RequestListener;
  readonly answerMalformed?: (context: Context) => NonNullable<ServeOptions['answerMalformed']>;
}

/** Starts the log and telemetry of a service, or of one of its commands. */
export const observe = async (service: string, config: ServiceConfig): Promise<Observability> => ({
  log: createLogger({ service, level: config.logLevel, project: config.project }),
  telemetry: await startTelemetry({ service, endpoint: config.otlpEndpoint }),
});

/** Runs a service until a signal; what stops it from starting is printed once, and the process exits 1. */
export const runService = <Config extends ServiceConfig, Context extends ServiceContext>(
  service: Service<Config, Context>,
): Promise<void> =>
  bootOrExit(async () => {
    const config = service.readConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
    const observability = await observe(service.name, config);
    const { log, telemetry } = observability;
    log.info({ config: maskedSummary(config) }, 'starting');
    const context = await service.createContext(config, observability);
    const { url } = await serve({
      app: service.createServer(context),
      host: config.host,
      port: config.port,
      log,
      ...(service.answerMalformed === undefined ? {} : { answerMalformed: service.answerMalformed(context) }),
      onStopping: context.stop,
      shutdown: async () => {
        // Gauges are read once more, of what the context has open.
        await telemetry.shutdown();
        await context.close();
      },
    });
    log.info({ url }, `listening on ${url}`);
  });
