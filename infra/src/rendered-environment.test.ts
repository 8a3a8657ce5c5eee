import {
  type ConfigError,
  readApiConfig,
  readDatabaseConfig,
  readDispatcherConfig,
  readTestRunnerConfig,
} from '@agent-registry/config';
import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENT_NAMES, ENVIRONMENTS, SERVICE_NAMES, type ServiceName } from './environments.ts';
import { describeMigrations } from './render-jobs.ts';
import { describeService } from './render-service.ts';
import { fakeValues } from './testing/fake-values.ts';

const readers: Record<ServiceName, (env: Record<string, string>) => object> = {
  api: readApiConfig,
  dispatcher: readDispatcherConfig,
  'test-runner': readTestRunnerConfig,
};
const cases = ENVIRONMENT_NAMES.flatMap((name) => SERVICE_NAMES.map((service) => [name, service] as const));
const entriesOf = (service: ServiceName, name: 'staging' | 'production') =>
  describeService(service, ENVIRONMENTS[name]).spec.template.spec.containers[0]?.env ?? [];

const complaintsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    return (error as ConfigError).variables;
  }
};

const shown = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? String(inner) : inner));

describe.each(cases)('in %s, the environment of %s', (name, service) => {
  const env = fakeValues(entriesOf(service, name));

  test('the rendered environment is all that its configuration asks for', () => {
    expect(() => readers[service](env)).not.toThrow();
  });

  test('the rendered environment names no variable that the service does not read', () => {
    const plain = shown(readers[service](env));
    // A value that no schema takes is complained of or makes a difference; where nobody reads the variable it does neither.
    const isRead = (variable: string): boolean => {
      const poisoned = { ...env, [variable]: 'x'.repeat(40) };
      const read = () => readers[service](poisoned);
      return complaintsOf(read).length > 0 || shown(read()) !== plain;
    };
    expect(Object.keys(env).filter((variable) => !isRead(variable))).toEqual([]);
  });

  test('the rendered environment sets no switch that is for development', () => {
    const development = [
      'DEV_DEPOSIT_ENABLED',
      'WEBHOOK_ALLOW_PRIVATE_TARGETS',
      'WEBHOOK_DELAY_UNIT_MS',
      'TASKS_API_ENDPOINT',
      'ID_TOKEN_URL',
      'ID_TOKEN_EMAIL',
      'OIDC_ISSUER',
      'OIDC_JWKS_URL',
      'DATABASE_URL',
      'DB_SOCKET_DIR',
    ];
    expect(Object.keys(env).filter((variable) => development.includes(variable))).toEqual([]);
    const config = readers[service](env) as Record<string, unknown>;
    expect(config).not.toMatchObject({ allowPrivateTargets: true });
    expect(config).not.toMatchObject({ devDepositEnabled: true });
  });

  test('the rendered environment names the environment, which no line of code looks at but the log', () => {
    expect(readers[service](env)).toMatchObject({ env: name, host: '0.0.0.0' });
  });
});

describe.each(ENVIRONMENT_NAMES)('in %s', (name) => {
  const environment = ENVIRONMENTS[name];
  const read = (service: ServiceName) => readers[service](fakeValues(entriesOf(service, name)));

  test('one proxy, the platform, tells the api who calls', () => {
    expect(read('api')).toMatchObject({ trustedProxyHops: 1 });
  });

  test('private services check the claims of tokens whose signature the platform has taken away', () => {
    for (const service of ['dispatcher', 'test-runner'] as const)
      expect(read(service)).toMatchObject({
        oidc: { signature: 'checked-by-platform', issuer: 'https://accounts.google.com' },
      });
  });

  test('what the dispatcher calls the test-runner is what the test-runner takes for its own name', () => {
    const { testRunnerUrl } = read('dispatcher') as { testRunnerUrl: string };
    expect(read('test-runner')).toMatchObject({ oidc: { audience: testRunnerUrl } });
  });

  test('tasks are created for the address that the dispatcher takes for its own name', () => {
    const { tasks } = read('api') as { tasks: { dispatcherUrl: string; serviceAccount: string } };
    expect(read('dispatcher')).toMatchObject({
      oidc: { audience: tasks.dispatcherUrl, allowedEmails: [tasks.serviceAccount] },
      tasks,
    });
  });

  test('services are not the owner of the tables, and the migrations are', () => {
    const roles = (['api', 'dispatcher'] as const)
      .map((service) => read(service))
      .map((config) => (config as { database: { connection: { user: string } } }).database.connection.user);
    expect(roles).toEqual(['registry_api', 'registry_dispatcher']);
    const job = describeMigrations(environment).spec.template.spec.template.spec.containers[0]?.env ?? [];
    expect(readDatabaseConfig(fakeValues(job)).connection).toMatchObject({
      user: 'registry_owner',
      host: `/cloudsql/${environment.project}:${environment.region}:${environment.sql.instance}`,
    });
  });
});
