// A queue's limits: Cloud Tasks' defaults, its bounds, and the ways a configuration arrives.
import type { protos } from '@google-cloud/tasks';
import { type RetryConfig, retryToWire } from './backoff.ts';
import { invalidArgument } from './grpc-error.ts';
import { checkHttpTarget } from './http-target.ts';
import type { HttpTargetOverride } from './override-url.ts';
import { wireToMs } from './wire-time.ts';

/** v2's queue, whose http_target the client's types do not know yet. */
export type IQueue = protos.google.cloud.tasks.v2.IQueue & { httpTarget?: HttpTargetOverride | null };

/** What a queue keeps as the wire has it; only `httpTarget` means something here. */
export interface KeptMessages {
  readonly appEngineRoutingOverride?: protos.google.cloud.tasks.v2.IAppEngineRouting;
  readonly stackdriverLoggingConfig?: protos.google.cloud.tasks.v2.IStackdriverLoggingConfig;
  readonly httpTarget?: HttpTargetOverride;
}

export interface QueueConfig extends KeptMessages {
  readonly maxDispatchesPerSecond: number;
  readonly maxConcurrentDispatches: number;
  readonly retry: RetryConfig;
}

/** A queue as a typed table states it; `@agent-registry/infra`'s QueueSettings fits. */
export interface EmulatorQueueSettings {
  readonly maxDispatchesPerSecond?: number;
  readonly maxConcurrentDispatches?: number;
  readonly maxAttempts?: number;
  readonly minBackoffSeconds?: number;
  readonly maxBackoffSeconds?: number;
  readonly maxDoublings?: number;
  readonly maxRetryDurationSeconds?: number;
}

const MAX_RATE = 500;
const MAX_CONCURRENT = 5000;
const MAX_BURST = 100;
const MIN_BURST = 10;

const DEFAULT_QUEUE_CONFIG: QueueConfig = {
  maxDispatchesPerSecond: 500,
  maxConcurrentDispatches: 1000,
  retry: {
    maxAttempts: 100,
    maxRetryDurationMs: 0,
    minBackoffMs: 100,
    maxBackoffMs: 3_600_000,
    maxDoublings: 16,
  },
};

/** Cloud Tasks picks the burst from the rate and does not let it be set; a fifth of a second's worth, 10 to 100. */
export const burstSize = (config: QueueConfig): number =>
  Math.min(MAX_BURST, Math.max(MIN_BURST, Math.ceil(config.maxDispatchesPerSecond / 5)));

const between = (value: number, min: number, max: number, field: string): void => {
  if (!(value >= min && value <= max))
    throw invalidArgument(`${field} must be between ${min} and ${max}, not ${value}`);
};

/** Returns the configuration when it is within Cloud Tasks' bounds, else INVALID_ARGUMENT. */
const checked = (config: QueueConfig): QueueConfig => {
  const { retry } = config;
  if (!(config.maxDispatchesPerSecond > 0)) throw invalidArgument('maxDispatchesPerSecond must be positive');
  between(config.maxDispatchesPerSecond, 0, MAX_RATE, 'maxDispatchesPerSecond');
  between(config.maxConcurrentDispatches, 1, MAX_CONCURRENT, 'maxConcurrentDispatches');
  if (retry.maxAttempts < -1) throw invalidArgument('maxAttempts must be -1 (unlimited) or positive');
  between(retry.maxRetryDurationMs, 0, Number.MAX_SAFE_INTEGER, 'maxRetryDuration');
  between(retry.minBackoffMs, 0, retry.maxBackoffMs, 'minBackoff');
  between(retry.maxDoublings, 0, Number.MAX_SAFE_INTEGER, 'maxDoublings');
  between(config.stackdriverLoggingConfig?.samplingRatio ?? 0, 0, 1, 'samplingRatio');
  checkHttpTarget(config.httpTarget);
  return config;
};

export const configFromSettings = (settings: EmulatorQueueSettings): QueueConfig => {
  const { retry } = DEFAULT_QUEUE_CONFIG;
  const ms = (seconds: number | undefined, otherwise: number) =>
    seconds === undefined ? otherwise : seconds * 1000;
  return checked({
    maxDispatchesPerSecond: settings.maxDispatchesPerSecond ?? DEFAULT_QUEUE_CONFIG.maxDispatchesPerSecond,
    maxConcurrentDispatches: settings.maxConcurrentDispatches ?? DEFAULT_QUEUE_CONFIG.maxConcurrentDispatches,
    retry: {
      maxAttempts: settings.maxAttempts ?? retry.maxAttempts,
      maxRetryDurationMs: ms(settings.maxRetryDurationSeconds, retry.maxRetryDurationMs),
      minBackoffMs: ms(settings.minBackoffSeconds, retry.minBackoffMs),
      maxBackoffMs: ms(settings.maxBackoffSeconds, retry.maxBackoffMs),
      maxDoublings: settings.maxDoublings ?? retry.maxDoublings,
    },
  });
};

/** Fields that are kept as they are, each with the message or value that it is copied with. */
const KEPT_FIELDS: Readonly<Record<string, string>> = {
  'app_engine_routing_override.service': 'appEngineRoutingOverride.service',
  'app_engine_routing_override.version': 'appEngineRoutingOverride.version',
  'app_engine_routing_override.instance': 'appEngineRoutingOverride.instance',
  'stackdriver_logging_config.sampling_ratio': 'stackdriverLoggingConfig',
  'http_target.uri_override.scheme': 'httpTarget.uriOverride.scheme',
  'http_target.uri_override.host': 'httpTarget.uriOverride.host',
  'http_target.uri_override.port': 'httpTarget.uriOverride.port',
  'http_target.uri_override.path_override.path': 'httpTarget.uriOverride.pathOverride',
  'http_target.uri_override.query_override.query_params': 'httpTarget.uriOverride.queryOverride',
  'http_target.uri_override.uri_override_enforce_mode': 'httpTarget.uriOverride.uriOverrideEnforceMode',
  'http_target.http_method': 'httpTarget.httpMethod',
  'http_target.header_overrides': 'httpTarget.headerOverrides',
  'http_target.oauth_token': 'httpTarget.oauthToken',
  'http_target.oidc_token.service_account_email': 'httpTarget.oidcToken.serviceAccountEmail',
  'http_target.oidc_token.audience': 'httpTarget.oidcToken.audience',
};

type Json = Readonly<Record<string, unknown>>;

/** `to` with the value that `from` has at a path; without it, and without messages left empty, when `from` has none. */
const copyAt = (to: Json, from: Json, [key = '', ...rest]: readonly string[]): Json => {
  const { [key]: before, ...others } = to;
  const given = from[key] ?? undefined;
  if (rest.length === 0) return given === undefined ? others : { ...others, [key]: given };
  const value = copyAt((before ?? {}) as Json, (given ?? {}) as Json, rest);
  return Object.keys(value).length === 0 ? others : { ...others, [key]: value };
};

const snake = (path: string): string => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every field of a queue that can be set, by its path in an update mask. */
const SETTERS: Readonly<Record<string, (wire: IQueue, config: QueueConfig) => QueueConfig>> = {
  'rate_limits.max_dispatches_per_second': (wire, config) => ({
    ...config,
    maxDispatchesPerSecond:
      wire.rateLimits?.maxDispatchesPerSecond || DEFAULT_QUEUE_CONFIG.maxDispatchesPerSecond,
  }),
  'rate_limits.max_concurrent_dispatches': (wire, config) => ({
    ...config,
    maxConcurrentDispatches:
      wire.rateLimits?.maxConcurrentDispatches || DEFAULT_QUEUE_CONFIG.maxConcurrentDispatches,
  }),
  'retry_config.max_attempts': (wire, config) => ({
    ...config,
    retry: {
      ...config.retry,
      maxAttempts: wire.retryConfig?.maxAttempts || DEFAULT_QUEUE_CONFIG.retry.maxAttempts,
    },
  }),
  'retry_config.max_retry_duration': (wire, config) => {
    const maxRetryDurationMs = wireToMs(wire.retryConfig?.maxRetryDuration ?? {}, 'maxRetryDuration');
    return { ...config, retry: { ...config.retry, maxRetryDurationMs } };
  },
  'retry_config.min_backoff': (wire, config) => {
    const minBackoffMs = wireToMs(wire.retryConfig?.minBackoff ?? {}, 'minBackoff');
    return {
      ...config,
      retry: { ...config.retry, minBackoffMs: minBackoffMs || DEFAULT_QUEUE_CONFIG.retry.minBackoffMs },
    };
  },
  'retry_config.max_backoff': (wire, config) => {
    const maxBackoffMs = wireToMs(wire.retryConfig?.maxBackoff ?? {}, 'maxBackoff');
    return {
      ...config,
      retry: { ...config.retry, maxBackoffMs: maxBackoffMs || DEFAULT_QUEUE_CONFIG.retry.maxBackoffMs },
    };
  },
  'retry_config.max_doublings': (wire, config) => ({
    ...config,
    retry: { ...config.retry, maxDoublings: wire.retryConfig?.maxDoublings ?? 0 },
  }),
  ...Object.fromEntries(
    Object.entries(KEPT_FIELDS).map(([field, place]) => [
      field,
      (wire: IQueue, config: QueueConfig) =>
        copyAt({ ...config }, { ...wire }, place.split('.')) as unknown as QueueConfig,
    ]),
  ),
};

/** A new queue's configuration; as in the product, a field left out or zero takes the default. */
export const configFromWire = (wire: IQueue): QueueConfig => {
  let config = DEFAULT_QUEUE_CONFIG;
  for (const set of Object.values(SETTERS)) config = set(wire, config);
  const maxDoublings = wire.retryConfig?.maxDoublings || DEFAULT_QUEUE_CONFIG.retry.maxDoublings;
  return checked({ ...config, retry: { ...config.retry, maxDoublings } });
};

/** A task's own retries, validated as a queue's are. */
export const retryFromWire = (retryConfig: NonNullable<IQueue['retryConfig']>): RetryConfig =>
  configFromWire({ retryConfig }).retry;

/** Applies the fields that `paths` names, or all when it is empty; an unknown path is INVALID_ARGUMENT. */
export const updateConfig = (config: QueueConfig, wire: IQueue, paths: readonly string[]): QueueConfig => {
  if (paths.length === 0) return configFromWire(wire);
  let updated = config;
  for (const path of paths.map(snake)) {
    const setters = Object.entries(SETTERS).filter(
      ([field]) => field === path || field.startsWith(`${path}.`),
    );
    if (setters.length === 0)
      throw invalidArgument(`The update mask names a field that cannot be set: ${path}`);
    for (const [, set] of setters) updated = set(wire, updated);
  }
  return checked(updated);
};

export const configToWire = (config: QueueConfig): Omit<IQueue, 'name' | 'state' | 'purgeTime'> => {
  const { maxDispatchesPerSecond, maxConcurrentDispatches, retry, ...kept } = config;
  const rateLimits = { maxDispatchesPerSecond, maxBurstSize: burstSize(config), maxConcurrentDispatches };
  return { rateLimits, retryConfig: retryToWire(retry), ...kept };
};
