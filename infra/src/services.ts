// What each service is on Cloud Run, wherever it runs.
import { verificationLimits } from '@agent-registry/config';
import { accountEmail } from './accounts.ts';
import {
  anchorBucket,
  type Environment,
  publicUrl,
  type ServiceName,
  serviceUrl,
  sqlConnectionName,
} from './environments.ts';

export interface Service {
  readonly cpu: number;
  readonly memoryMi: number;
  /** Requests that one instance has at a time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** `private`: private addresses by the connector, the internet directly. `isolated`: a network without a way out. */
  readonly egress: 'private' | 'isolated';
  readonly usesDatabase: boolean;
}

const second = 1_000;

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  // The longest request waits 25 s for a verdict.
  api: { cpu: 1, memoryMi: 512, concurrency: 80, timeoutSeconds: 60, egress: 'private', usesDatabase: true },
  dispatcher: {
    cpu: 1,
    memoryMi: 512,
    concurrency: 80,
    timeoutSeconds: verificationLimits.requestMs / second,
    egress: 'private',
    usesDatabase: true,
  },
  // Two suites an instance, a processor each: what is measured should not depend on the neighbours.
  'test-runner': {
    cpu: 2,
    memoryMi: 2_048,
    concurrency: 2,
    timeoutSeconds: verificationLimits.runnerRequestMs / second,
    egress: 'isolated',
    usesDatabase: false,
  },
};

type Variables = Readonly<Record<string, string>>;

/** What every program in a project is told. */
const common = ({ name, project }: Environment): Variables => ({
  ENV: name,
  HOST: '0.0.0.0', // The platform's proxy is not on the loopback interface.
  TASKS_PROJECT: project,
});

/** The database by Cloud SQL's Unix socket. */
export const databaseVariables = (environment: Environment, role: string): Variables => ({
  DB_INSTANCE: sqlConnectionName(environment),
  DB_NAME: 'agent_registry',
  DB_USER: role,
});

const taskVariables = (environment: Environment): Variables => ({
  TASKS_SERVICE_ACCOUNT: accountEmail('registry-tasks', environment),
  TASKS_LOCATION: environment.region,
  DISPATCHER_URL: serviceUrl('dispatcher', environment),
});

/** Cloud Run verifies a token's signature and takes it away; the service still checks every claim. */
const callersMustBe = (email: string, self: ServiceName, environment: Environment): Variables => ({
  OIDC_AUDIENCE: serviceUrl(self, environment),
  OIDC_ALLOWED_EMAILS: email,
  OIDC_SIGNATURE: 'checked-by-platform',
});

const byService: Readonly<Record<ServiceName, (environment: Environment) => Variables>> = {
  api: (environment) => ({
    ...common(environment),
    PUBLIC_BASE_URL: publicUrl(environment),
    // Cloud Run's own address goes on working, also for signatures that name it.
    ...(environment.domain === null
      ? {}
      : { SIGNATURE_ORIGINS: [publicUrl(environment), serviceUrl('api', environment)].join() }),
    TRUSTED_PROXY_HOPS: '1',
    ...databaseVariables(environment, 'registry_api'),
    DB_POOL_MAX: String(environment.poolMax),
    DB_LISTEN: String(environment.listens),
    ...(environment.log.vkeys.length === 0
      ? {}
      : { LOG_ORIGIN: environment.log.origin, LOG_VKEYS: environment.log.vkeys.join() }),
    ...taskVariables(environment),
  }),
  dispatcher: (environment) => ({
    ...common(environment),
    ...databaseVariables(environment, 'registry_dispatcher'),
    DB_POOL_MAX: String(environment.poolMax),
    DB_LISTEN: String(environment.listens),
    TEST_RUNNER_URL: serviceUrl('test-runner', environment),
    LOG_ORIGIN: environment.log.origin,
    LOG_ANCHOR: `gs://${anchorBucket(environment)}/log`,
    ...taskVariables(environment),
    ...callersMustBe(accountEmail('registry-tasks', environment), 'dispatcher', environment),
  }),
  'test-runner': (environment) => ({
    ...common(environment),
    ...callersMustBe(accountEmail('registry-dispatcher', environment), 'test-runner', environment),
    TEST_RUNNER_ALLOW_WATCHDOG: 'true', // Cloud Run gives no cgroup to write to.
  }),
};

/** The variables of a service that are no secrets. PORT is the platform's. */
export const plainVariables = (service: ServiceName, environment: Environment): Variables =>
  byService[service](environment);
