import { describe, expect, test } from '@jest/globals';
import { ACCOUNTS, INVOKERS } from './accounts.ts';
import { peakConnections, RESERVED_CONNECTIONS } from './connections.ts';
import { ENVIRONMENT_NAMES, ENVIRONMENTS, SERVICE_NAMES } from './environments.ts';
import { QUEUES } from './queues.ts';
import { renderAccounts, renderInvokers } from './render-access.ts';
import { describeService } from './render-service.ts';
import { SERVICES } from './services.ts';

const manifests = ENVIRONMENT_NAMES.flatMap((name) =>
  SERVICE_NAMES.map((service) => ({ name, service, ...describeService(service, ENVIRONMENTS[name]) })),
);

describe('the test-runner', () => {
  const ours = manifests.filter(({ service }) => service === 'test-runner');

  test('the test-runner is given no secret and no database', () => {
    for (const { spec } of ours) {
      const { containers } = spec.template.spec;
      expect(JSON.stringify(containers)).not.toMatch(/secretKeyRef|DB_|DATABASE|REDIS|SIGNING|OPERATOR/);
      expect(spec.template.metadata.annotations).not.toHaveProperty([
        'run.googleapis.com/cloudsql-instances',
      ]);
      expect(spec.template).not.toHaveProperty('spec.volumes');
    }
  });

  test('the test-runner has an account without any role, secret or right to act as another', () => {
    expect(ACCOUNTS['registry-test-runner']).toMatchObject({
      projectRoles: [],
      createsTasks: false,
      secrets: [],
      deploysAs: [],
    });
    for (const name of ENVIRONMENT_NAMES) {
      const granted = renderAccounts(ENVIRONMENTS[name])
        .split('\n')
        .filter((line) => /^(project_role|may_\w+) registry-test-runner/.test(line));
      expect(granted).toEqual([]);
    }
  });

  test('the test-runner sends everything into a network of its own, and has no connector to ours', () => {
    for (const { spec } of ours) {
      const { annotations } = spec.template.metadata;
      expect(annotations['run.googleapis.com/vpc-access-egress']).toBe('all-traffic');
      expect(JSON.parse(annotations['run.googleapis.com/network-interfaces'] ?? '')).toEqual([
        { network: 'test-runner-isolated', subnetwork: 'test-runner-isolated' },
      ]);
      expect(annotations).not.toHaveProperty(['run.googleapis.com/vpc-access-connector']);
    }
  });

  test('the test-runner runs in the second generation, with a slot for each verification that the queue sends', () => {
    for (const { name, spec } of ours) {
      expect(spec.template.metadata.annotations['run.googleapis.com/execution-environment']).toBe('gen2');
      const slots = ENVIRONMENTS[name].scale['test-runner'].max * SERVICES['test-runner'].concurrency;
      expect(QUEUES[name].verification.maxConcurrentDispatches).toBe(slots);
    }
  });
});

describe.each(ENVIRONMENT_NAMES)('in %s', (name) => {
  const environment = ENVIRONMENTS[name];

  test('only the tasks account may call the dispatcher, and only the dispatcher the test-runner', () => {
    expect(INVOKERS).toEqual({
      api: 'allUsers',
      dispatcher: 'registry-tasks',
      'test-runner': 'registry-dispatcher',
    });
    const bound = renderInvokers(environment)
      .split('\n')
      .filter((line) => line.startsWith('may_call '));
    expect(bound).toEqual([
      'may_call api allUsers',
      `may_call dispatcher serviceAccount:registry-tasks@${environment.project}.iam.gserviceaccount.com`,
      `may_call test-runner serviceAccount:registry-dispatcher@${environment.project}.iam.gserviceaccount.com`,
    ]);
  });

  test('each service runs as an account of its own', () => {
    const accounts = SERVICE_NAMES.map(
      (service) => describeService(service, environment).spec.template.spec.serviceAccountName,
    );
    expect(new Set(accounts).size).toBe(SERVICE_NAMES.length);
  });

  test('the connections of a deploy leave six of the database free', () => {
    expect(peakConnections(environment)).toBeLessThan(environment.sql.connections - RESERVED_CONNECTIONS);
  });

  test('the dispatcher can hold every webhook that the queue has under way', () => {
    const capacity = environment.scale.dispatcher.max * SERVICES.dispatcher.concurrency;
    expect(capacity).toBeGreaterThanOrEqual(QUEUES[name]['webhook-delivery'].maxConcurrentDispatches);
  });
});

test('whoever calls waits longer than whoever is called', () => {
  expect(SERVICES['test-runner'].timeoutSeconds).toBeLessThan(SERVICES.dispatcher.timeoutSeconds);
});

test('an account is given what its program reads, and the account that deploys reads no secret', () => {
  expect(ACCOUNTS['registry-dispatcher'].secrets).not.toContain('redis-url');
  expect(ACCOUNTS['registry-tasks'].secrets).toEqual([]);
  expect(ACCOUNTS['registry-deploy'].secrets).toEqual([]);
  expect(ACCOUNTS['registry-deploy'].projectRoles.join()).not.toMatch(/admin|owner|editor/i);
});
