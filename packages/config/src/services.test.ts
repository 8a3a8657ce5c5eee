import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './read-config.ts';
import { readApiConfig, readDispatcherConfig, readTestRunnerConfig } from './services.ts';

const hash = 'ab'.repeat(32);
const apiEnv = {
  PUBLIC_BASE_URL: 'http://localhost:8000/',
  DATABASE_URL: 'postgres://registry_api:hunter2@127.0.0.1:5432/registry',
  PLATFORM_SIGNING_KEY: 'a signing key that is long enough to serve',
  TASKS_PROJECT: 'local',
  TASKS_SERVICE_ACCOUNT: 'tasks@local.example',
  DISPATCHER_URL: 'http://127.0.0.1:8001',
};
const oidcEnv = { OIDC_AUDIENCE: 'http://127.0.0.1:8001', OIDC_ALLOWED_EMAILS: 'tasks@local.example' };
const dispatcherEnv = { ...apiEnv, ...oidcEnv, TEST_RUNNER_URL: 'http://127.0.0.1:8002' };

const problemsOf = (read: () => unknown): ConfigError => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};
const refused = (change: Record<string, string | undefined>) =>
  problemsOf(() => readApiConfig({ ...apiEnv, ...change })).variables;

describe('defaults', () => {
  test('the API needs seven values; the rest is as the design says', () => {
    const config = readApiConfig(apiEnv);
    expect(config).toMatchObject({
      env: 'development',
      host: '127.0.0.1',
      port: 8000,
      trustedProxyHops: 0,
      publicBaseUrl: 'http://localhost:8000',
      database: { poolMax: 6, acquireTimeoutMs: 2_000 },
      redisUrl: null,
      feeRatePpm: 25_000n,
      rateLimits: {
        discovery: { capacity: 60, refillPerMin: 20 },
        read: { capacity: 120, refillPerMin: 60 },
        write: { capacity: 30, refillPerMin: 10 },
        job: { capacity: 120, refillPerMin: 60 },
        registration: { capacity: 5, refillPerMin: 2 },
      },
      signatureMaxAgeMs: 30_000,
      nonceTtlMs: 60_000,
      devDepositEnabled: false,
      operatorKeyHashes: [],
      allowPrivateTargets: false,
      tasks: { location: 'us-west1', apiEndpoint: null },
      logLevel: 'info',
      otlpEndpoint: null,
    });
  });

  test('the windows of the job machine are as the design says', () => {
    const dayMs = 86_400_000;
    expect(readApiConfig(apiEnv).rules).toEqual({
      feeRatePpm: 25_000,
      proposalExpiryMs: 7 * dayMs,
      fundingWindowMs: 3 * dayMs,
      reviewWindowMs: 3 * dayMs,
      disputeWindowMs: 3 * dayMs,
      disputeResolutionMs: 14 * dayMs,
      deadlineDefaultMs: 30 * dayMs,
      deadlineMaxMs: 365 * dayMs,
      deadlineWarningMs: 3_600_000,
      maxDeliveries: 5,
      verificationErrorMs: dayMs,
      verdictFailStepMs: 5_000,
      webhookMaxAttempts: 6,
      webhookDelayUnitMs: 1_000,
      eventRetentionMs: 30 * dayMs,
      secretOverlapMs: dayMs,
      reputation: { fullFees: 500n, counterparties: 5 },
    });
  });

  test('the dispatcher asks the metadata server for tokens and Google for keys', () => {
    const config = readDispatcherConfig(dispatcherEnv);
    expect(config.port).toBe(8001);
    expect(config.idTokens).toEqual({ kind: 'metadata' });
    expect(config.oidc).toEqual({
      issuer: 'https://accounts.google.com',
      jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      audience: 'http://127.0.0.1:8001',
      allowedEmails: ['tasks@local.example'],
      signature: 'verify',
    });
  });

  test('the test-runner needs no database and no secret', () => {
    const config = readTestRunnerConfig(oidcEnv);
    expect(config.verification).toMatchObject({ testMs: 60_000, suiteMs: 300_000, memoryLimitMb: 256 });
    expect(config.port).toBe(8002);
  });
});

describe('refusals', () => {
  test('one message names every offending variable', () => {
    const error = problemsOf(() =>
      readDispatcherConfig({ PORT: 'http', PLATFORM_SIGNING_KEY: 'short', RATE_LIMIT_READ_CAPACITY: 'x' }),
    );
    expect([...error.variables].sort()).toEqual([
      'DATABASE_URL',
      'DISPATCHER_URL',
      'OIDC_ALLOWED_EMAILS',
      'OIDC_AUDIENCE',
      'PLATFORM_SIGNING_KEY',
      'PORT',
      'TASKS_PROJECT',
      'TASKS_SERVICE_ACCOUNT',
      'TEST_RUNNER_URL',
    ]);
    for (const variable of error.variables) expect(error.message).toContain(variable);
  });

  test('no message holds the value of a variable', () => {
    const secret = 'sekrit';
    const everything = {
      ...dispatcherEnv,
      ...Object.fromEntries(Object.keys(dispatcherEnv).map((n) => [n, secret])),
    };
    expect(problemsOf(() => readDispatcherConfig(everything)).message).not.toContain(secret);
    const operators = {
      ...apiEnv,
      OPERATOR_API_KEYS: secret,
      REDIS_URL: secret,
      DEV_DEPOSIT_ENABLED: secret,
    };
    expect(problemsOf(() => readApiConfig(operators)).message).not.toContain(secret);
  });

  test('a database is given in one way, completely', () => {
    const socket = {
      DB_INSTANCE: 'agent-registry:us-west1:main',
      DB_NAME: 'r',
      DB_USER: 'u',
      DB_PASSWORD: 'p',
    };
    expect(refused(socket)).toEqual(['DATABASE_URL', 'DB_INSTANCE']);
    expect(refused({ DATABASE_URL: '', DB_INSTANCE: socket.DB_INSTANCE, DB_NAME: 'r' })).toEqual([
      'DB_USER',
      'DB_PASSWORD',
    ]);
    expect(refused({ ...socket, DATABASE_URL: undefined, DB_SOCKET_DIR: `/${'d'.repeat(100)}` })).toEqual([
      'DB_INSTANCE',
    ]);
  });

  test.each([
    ['TEST_RUNNER_TIMEOUT_PER_TEST', '300'],
    ['TEST_RUNNER_TIMEOUT_PER_SUITE', '330'],
    ['NONCE_TTL_SECONDS', '59'],
    ['SIGNATURE_ORIGINS', 'https://a.example,https://b.example/v1'],
    [
      'SIGNATURE_ORIGINS',
      'https://a.example,https://b.example,https://c.example,https://d.example,https://e.example',
    ],
    ['AGENTSIG_EQUAL_REQUESTS', 'sometimes'],
    ['PLATFORM_FEE_PERCENT', '1'],
    ['PLATFORM_FEE_PERCENT', '0.0000001'],
    ['PLATFORM_FEE_PERCENT', '2.5e-2'],
    ['PLATFORM_SIGNING_KEYS_ACCEPTED', `${'k'.repeat(40)},short`],
    ['OPERATOR_API_KEYS', hash.toUpperCase()],
    ['PUBLIC_BASE_URL', 'https://registry.example/v1'],
    ['WEBHOOK_MAX_RETRIES', '6'],
    ['DEV_DEPOSIT_ENABLED', 'yes'],
    ['REVIEW_WINDOW_HOURS', '0'],
    ['PORT', '65536'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s is refused', (variable, value) => {
    expect(refused({ [variable]: value })).toContain(variable);
  });

  test("a webhook's exchange must end before its lease", () => {
    const error = problemsOf(() => readDispatcherConfig({ ...dispatcherEnv, WEBHOOK_TIMEOUT_SECONDS: '20' }));
    expect(error.variables).toEqual(['WEBHOOK_TIMEOUT_SECONDS']);
  });

  test("the emulator's tokens need an e-mail to be issued for", () => {
    const error = problemsOf(() =>
      readDispatcherConfig({ ...dispatcherEnv, ID_TOKEN_URL: 'http://127.0.0.1:8004/token' }),
    );
    expect(error.variables).toEqual(['ID_TOKEN_EMAIL']);
  });
});

describe('readings', () => {
  test('a Cloud SQL instance becomes the directory of its socket', () => {
    const { database } = readApiConfig({
      ...apiEnv,
      DATABASE_URL: undefined,
      DB_INSTANCE: 'agent-registry:us-west1:main',
      DB_NAME: 'registry',
      DB_USER: 'registry_api',
      DB_PASSWORD: 'p@ss\n',
    });
    expect(database.connection).toEqual({
      host: '/cloudsql/agent-registry:us-west1:main',
      database: 'registry',
      user: 'registry_api',
      password: 'p@ss',
    });
  });

  test.each([
    ['0', 0n],
    ['0.025', 25_000n],
    ['0.07', 70_000n],
    ['0.999999', 999_999n],
  ])('a fee of %s is read exactly', (value, ppm) => {
    const config = readApiConfig({ ...apiEnv, PLATFORM_FEE_PERCENT: value });
    expect(config.feeRatePpm).toBe(ppm);
    expect(config.rules.feeRatePpm).toBe(Number(ppm));
  });

  test('signing keys lose the newline they were stored with', () => {
    const key = 'k'.repeat(32);
    const env = {
      ...apiEnv,
      PLATFORM_SIGNING_KEY: `${key}\n`,
      PLATFORM_SIGNING_KEYS_ACCEPTED: ` ${key}1 ,${key}2\n`,
    };
    expect(readApiConfig(env).signing).toEqual({ currentKey: key, acceptedKeys: [`${key}1`, `${key}2`] });
  });

  test("operators' keys may carry a name", () => {
    const { operatorKeyHashes } = readApiConfig({ ...apiEnv, OPERATOR_API_KEYS: `ada:${hash}, ${hash}` });
    expect(operatorKeyHashes).toEqual([
      { name: 'ada', hash },
      { name: 'key-abababab', hash },
    ]);
  });

  test('nothing branches on the name of the environment', () => {
    const { env: _, ...production } = readApiConfig({ ...apiEnv, ENV: 'production' });
    const { env: __, ...development } = readApiConfig({ ...apiEnv, ENV: 'development' });
    expect(production).toEqual(development);
  });

  test('a configuration is frozen to its leaves', () => {
    const config = readApiConfig(apiEnv);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.rateLimits.read)).toBe(true);
  });
});

describe('the transparency log', () => {
  const log = { LOG_ORIGIN: 'registry.example/log', LOG_SIGNING_KEYS: 'ab'.repeat(32) };
  const complaints = (env: Record<string, string>) => {
    try {
      readDispatcherConfig({ ...dispatcherEnv, ...env });
      return [];
    } catch (error) {
      return (error as ConfigError).variables;
    }
  };

  test('the dispatcher refuses to serve in production without a log, or with an anchor that goes with its machine', () => {
    expect(complaints({ ENV: 'production' })).toEqual(['LOG_ORIGIN', 'LOG_SIGNING_KEYS', 'LOG_ANCHOR']);
    expect(complaints({ ENV: 'production', ...log, LOG_ANCHOR: '/anchor' })).toEqual(['LOG_ANCHOR']);
    expect(complaints({ ENV: 'production', ...log, LOG_ANCHOR: 'gs://bucket/log' })).toEqual([]);
  });

  test('elsewhere the log is either configured in whole or not at all', () => {
    expect(readDispatcherConfig(dispatcherEnv).transparencyLog).toBeNull();
    expect(complaints(log)).toEqual(['LOG_ANCHOR']);
    expect(complaints({ ...log, LOG_ANCHOR: '/anchor' })).toEqual([]);
    expect(complaints({ ...log, LOG_ANCHOR: 'anchor' })).toEqual(['LOG_ANCHOR']);
  });

  test('the api shows a log whose keys are the log’s own', () => {
    const vkeys = 'registry.example/log+952bc5e7+AQOh';
    const shown = { LOG_ORIGIN: 'registry.example/log', LOG_VKEYS: vkeys };
    expect(readApiConfig({ ...apiEnv, ...shown }).transparencyLog).toEqual({
      origin: 'registry.example/log',
      vkeys: [vkeys],
    });
    expect(() => readApiConfig({ ...apiEnv, ...shown, LOG_ORIGIN: 'other.example/log' })).toThrow(
      'LOG_VKEYS',
    );
  });
});
