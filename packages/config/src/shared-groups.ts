import { z } from 'zod';
import { flag, integer, matching, text, url } from './variables.ts';

const maxPort = 65_535;
const hosts = /^[A-Za-z0-9.:-]+$/;

const general = z.object({ ENV: text(64).default('development') });
export const environment = general.transform((env) => env.ENV);

/** The address a service listens on; port 0 asks the system for a free one. */
export const listen = (defaultPort: number) =>
  z
    .object({
      HOST: matching(hosts, 'a host name or address').default('127.0.0.1'),
      PORT: integer(0, maxPort).default(defaultPort),
    })
    .transform((env) => ({ host: env.HOST, port: env.PORT }));

/** Logging and traces. `project` names the Google Cloud project in the trace field of a log line. */
export const observability = z
  .object({
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
    OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
    TASKS_PROJECT: text(64).optional(),
  })
  .transform((env) => ({
    logLevel: env.LOG_LEVEL,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    project: env.TASKS_PROJECT ?? null,
  }));

export const allowPrivateTargets = z
  .object({ WEBHOOK_ALLOW_PRIVATE_TARGETS: flag().default(false) })
  .transform((env) => env.WEBHOOK_ALLOW_PRIVATE_TARGETS);

/** Whether the test-runner may bound memory by a watchdog where it has no cgroup: weaker, so it is opt-in. */
export const allowWatchdog = z
  .object({ TEST_RUNNER_ALLOW_WATCHDOG: flag().default(false) })
  .transform((env) => env.TEST_RUNNER_ALLOW_WATCHDOG);
