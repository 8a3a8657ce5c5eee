import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readApiConfig, readDispatcherConfig, readTestRunnerConfig } from '@agent-registry/config';
import { describe, expect, test } from '@jest/globals';
import { type Env, passOn, serviceEnvironments } from './environment.ts';
import { loadSecrets } from './secrets.ts';
import { defaultPorts } from './services.ts';

function withSecrets<T>(work: (dataDir: string) => T): T {
  const dataDir = mkdtempSync(join(tmpdir(), 'stack-secrets-'));
  try {
    return work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const environments = (env: Env = {}, ports = defaultPorts) =>
  withSecrets((dataDir) => {
    const secrets = loadSecrets(dataDir);
    const databaseUrl = (role: string) => `postgres://${role}:pw@127.0.0.1:8005/agent_registry`;
    const redisUrl = `redis://:${secrets.redisPassword}@127.0.0.1:8006`;
    const around = { env, ports, firstPorts: defaultPorts, secrets, dataDir, redisUrl, databaseUrl };
    return { secrets, ...serviceEnvironments(around) };
  });

describe('the environment that the stack sets', () => {
  test('the environment that the stack sets is all that each service asks for', () => {
    const { api, dispatcher, 'test-runner': testRunner } = environments();
    expect(readApiConfig(api)).toMatchObject({
      port: 8000,
      devDepositEnabled: true,
      allowPrivateTargets: true,
    });
    expect(readDispatcherConfig(dispatcher)).toMatchObject({
      port: 8001,
      testRunnerUrl: 'http://127.0.0.1:8002',
    });
    expect(readTestRunnerConfig(testRunner)).toMatchObject({
      port: 8002,
      oidc: { audience: 'http://127.0.0.1:8002' },
    });
  });

  test('webhooks may reach this machine, unless the environment says otherwise', () => {
    const { api, dispatcher } = environments(passOn({ WEBHOOK_ALLOW_PRIVATE_TARGETS: 'false' }));
    expect(readApiConfig(api).allowPrivateTargets).toBe(false);
    expect(readDispatcherConfig(dispatcher).allowPrivateTargets).toBe(false);
  });

  test('the test-runner’s environment has no secret and no database', () => {
    const { secrets, 'test-runner': testRunner } = environments();
    const told = JSON.stringify(testRunner);
    for (const secret of [
      secrets.platformSigningKey,
      secrets.operatorKey,
      secrets.redisPassword,
      'postgres://',
    ]) {
      expect(told).not.toContain(secret);
    }
  });

  test('each service gets a database role of its own', () => {
    const { api, dispatcher } = environments();
    expect(api.DATABASE_URL).toContain('//registry_api:');
    expect(dispatcher.DATABASE_URL).toContain('//registry_dispatcher:');
  });

  test('a further instance is one of the same registry, with a dispatcher of its own', () => {
    const ports = { ...defaultPorts, api: 8010, dispatcher: 8011 };
    const { api, dispatcher } = environments({}, ports);
    expect(readApiConfig(api)).toMatchObject({
      port: 8010,
      publicBaseUrl: 'http://localhost:8000',
      signatureOrigins: [
        'http://localhost:8000',
        'http://127.0.0.1:8000',
        'http://localhost:8010',
        'http://127.0.0.1:8010',
      ],
    });
    expect(api.DISPATCHER_URL).toBe('http://127.0.0.1:8011');
    expect(readDispatcherConfig(dispatcher)).toMatchObject({
      port: 8011,
      oidc: { audience: 'http://127.0.0.1:8011' },
    });
  });

  test('the stack passes on what may be tuned, and nothing else of a person’s environment', () => {
    const env = {
      RATE_LIMIT_READ_CAPACITY: '5',
      PATH: '/bin',
      DATABASE_URL: 'postgres://theirs',
      AWS_SECRET: 'x',
    };
    expect(passOn(env)).toEqual({ RATE_LIMIT_READ_CAPACITY: '5', PATH: '/bin' });
  });
});

describe('the secrets', () => {
  test('secrets are made once for a data directory, and are their owner’s alone', () => {
    withSecrets((dataDir) => {
      const first = loadSecrets(dataDir);
      expect(loadSecrets(dataDir)).toEqual(first);
      for (const file of ['secrets.json', 'operator-key']) {
        expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
      }
    });
  });
});
