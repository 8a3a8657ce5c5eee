import { createHash } from 'node:crypto';
import {
  readApiConfig,
  readDatabaseConfig,
  readDispatcherConfig,
  readTestRunnerConfig,
} from '@agent-registry/config';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { composeFile } from './testing/compose-schema.ts';
import { problemsOf, readText } from './testing/repository.ts';

interface ComposeService {
  readonly environment?: Record<string, string>;
  readonly ports?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck?: object;
  readonly build?: { readonly args?: { readonly APP?: string }; readonly target?: string };
  readonly image?: string;
}

const compose = parse(readText('docker-compose.yml'), { merge: true }) as {
  readonly services: Record<string, ComposeService>;
};
const { services } = compose;
const names = Object.keys(services);

test('docker-compose.yml is a Compose file', () => {
  expect(problemsOf(composeFile, compose)).toEqual([]);
});

test('the whole registry is in it', () => {
  const parts = ['postgres', 'redis', 'emulator', 'migrate', 'api', 'dispatcher', 'test-runner', 'scheduler'];
  expect([...names].sort()).toEqual(parts.sort());
  expect(services.postgres?.image).toBe('postgres:16');
  expect(services.redis?.image).toBe('redis:7.2-alpine');
});

test('nothing is published but on 127.0.0.1', () => {
  for (const { ports = [] } of Object.values(services))
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('the operators have a key in Docker, the one that docker-compose.yml names', () => {
  const [, key = ''] = /X-Operator-Key: (\S+)/.exec(readText('docker-compose.yml')) ?? [];
  expect(readApiConfig(services.api?.environment ?? {}).operatorKeyHashes).toEqual([
    { name: 'local', hash: createHash('sha256').update(key).digest('hex') },
  ]);
});

test('no part is privileged or given a capability', () => {
  expect(
    names.filter((name) => services[name]?.privileged === true || services[name]?.cap_add !== undefined),
  ).toEqual([]);
});

test('the test-runner has what bubblewrap needs and not a thing more', () => {
  expect(services['test-runner']?.security_opt).toEqual([
    'seccomp=infra/rendered/seccomp/test-runner.json',
    'systempaths=unconfined',
  ]);
});

test('everything of ours has a root file system that cannot be written', () => {
  expect(
    names.filter((name) => services[name]?.build !== undefined && services[name]?.read_only !== true),
  ).toEqual([]);
});

test('whoever is waited for as healthy says whether it is', () => {
  const image = readText('Dockerfile');
  expect(image).toContain('HEALTHCHECK');
  const awaited = Object.values(services).flatMap(({ depends_on = {} }) =>
    Object.entries(depends_on)
      .filter(([, { condition }]) => condition === 'service_healthy')
      .map(([name]) => name),
  );
  // Images of the services carry their own check.
  const says = (name: string) =>
    services[name]?.healthcheck !== undefined || services[name]?.build?.args?.APP !== undefined;
  expect([...new Set(awaited)].filter((name) => !says(name))).toEqual([]);
});

describe('the environment of', () => {
  const readers: [string, (env: Record<string, string>) => object][] = [
    ['api', readApiConfig],
    ['dispatcher', readDispatcherConfig],
    ['test-runner', readTestRunnerConfig],
    ['migrate', readDatabaseConfig],
  ];
  test.each(readers)(
    'the environment of %s in compose is all that its configuration asks for',
    (name, read) => {
      expect(() => read(services[name]?.environment ?? {})).not.toThrow();
    },
  );

  test('the test-runner holds no database, no key and no queue', () => {
    expect(Object.keys(services['test-runner']?.environment ?? {}).join()).not.toMatch(
      /DB_|DATABASE|REDIS|KEY|TASKS/,
    );
  });

  test('who calls whom agrees on names', () => {
    const at = (name: string) => services[name]?.environment ?? {};
    expect(at('dispatcher').OIDC_AUDIENCE).toBe(at('api').DISPATCHER_URL);
    expect(at('dispatcher').OIDC_ALLOWED_EMAILS).toBe(at('api').TASKS_SERVICE_ACCOUNT);
    expect(at('scheduler').TASKS_SERVICE_ACCOUNT).toBe(at('dispatcher').OIDC_ALLOWED_EMAILS);
    expect(at('test-runner').OIDC_AUDIENCE).toBe(at('dispatcher').TEST_RUNNER_URL);
    expect(at('test-runner').OIDC_ALLOWED_EMAILS).toBe(at('dispatcher').ID_TOKEN_EMAIL);
  });
});
