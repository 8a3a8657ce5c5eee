import { z } from 'zod';
import {
  devDepositEnabled,
  operatorKeyHashes,
  publicBaseUrl,
  redisUrl,
  requestSignatures,
  signatureOrigins,
  trustedProxyHops,
} from './api-groups.ts';
import { database } from './database.ts';
import { feeRatePpm, marketRules } from './market-rules.ts';
import { rateLimits } from './rate-limits.ts';
import { readConfig } from './read-config.ts';
import { allowPrivateTargets, allowWatchdog, environment, listen, observability } from './shared-groups.ts';
import { signing } from './signing-keys.ts';
import { idTokens, oidc, tasks, testRunnerUrl } from './tasks-and-tokens.ts';
import { verification, webhooks } from './time-limits.ts';
import { shownLog, signedLog } from './transparency-log.ts';
import type { Env } from './variables.ts';

const api = z.object({
  env: environment,
  listen: listen(8000),
  trustedProxyHops,
  publicBaseUrl,
  signatureOrigins,
  database,
  redisUrl,
  signing,
  feeRatePpm,
  rules: marketRules,
  rateLimits,
  requestSignatures,
  devDepositEnabled,
  operatorKeyHashes,
  allowPrivateTargets,
  verification,
  tasks,
  transparencyLog: shownLog,
  observability,
});

const dispatcher = z.object({
  env: environment,
  listen: listen(8001),
  database,
  signing,
  feeRatePpm,
  rules: marketRules,
  allowPrivateTargets,
  webhooks,
  verification,
  testRunnerUrl,
  tasks,
  oidc,
  idTokens,
  transparencyLog: signedLog,
  observability,
});

const testRunner = z.object({
  env: environment,
  listen: listen(8002),
  verification,
  allowWatchdog,
  oidc,
  observability,
});

const databaseOnly = z.object({ database, observability });

/** The API's configuration. Throws `ConfigError`. */
export const readApiConfig = (env: Env) => {
  const {
    listen: address,
    requestSignatures: signatures,
    signatureOrigins: origins,
    observability: seen,
    ...rest
  } = readConfig(api, env);
  return Object.freeze({
    ...rest,
    ...address,
    ...seen,
    signatureOrigins: [origins[0] ?? rest.publicBaseUrl, ...origins.slice(1)] as const,
    signatureMaxAgeMs: signatures.maxAgeMs,
    nonceTtlMs: signatures.nonceTtlMs,
    refuseEqualRequests: signatures.refuseEqualRequests,
  });
};

/** The dispatcher's configuration. Throws `ConfigError`. */
export const readDispatcherConfig = (env: Env) => {
  const { listen: address, observability: seen, ...rest } = readConfig(dispatcher, env);
  return Object.freeze({ ...rest, ...address, ...seen });
};

/** The test-runner's configuration: no database and no secret. Throws `ConfigError`. */
export const readTestRunnerConfig = (env: Env) => {
  const { listen: address, observability: seen, ...rest } = readConfig(testRunner, env);
  return Object.freeze({ ...rest, ...address, ...seen });
};

/** What a command that only needs the database reads: migrations, the audit. Throws `ConfigError`. */
export const readDatabaseConfig = (env: Env) => readConfig(databaseOnly, env).database;

export type ApiConfig = ReturnType<typeof readApiConfig>;
export type DispatcherConfig = ReturnType<typeof readDispatcherConfig>;
