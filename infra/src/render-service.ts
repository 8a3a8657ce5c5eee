import { type AccountName, accountEmail } from './accounts.ts';
import {
  CONNECTOR,
  type Environment,
  ISOLATED_NETWORK,
  REPOSITORY,
  type ServiceName,
  sqlConnectionName,
} from './environments.ts';
import { type Holder, SECRET_VARIABLES } from './secrets.ts';
import { plainVariables, SERVICES } from './services.ts';

/** Filled in at deploy, like PROJECT_NUMBER. */
export const SHORT_SHA = 'SHORT_SHA';
export const COMMIT_SHA = 'COMMIT_SHA';
export const REVISION_SUFFIX = 'REVISION_SUFFIX';

/** The label of a revision that says from which commit it was made; the next release compares with it. */
export const COMMIT_LABEL = 'commit-sha';
export const PORT = 8080;

export interface EnvEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: 'latest' } };
}

const runtimeAccount: Readonly<Record<ServiceName, AccountName>> = {
  api: 'registry-api',
  dispatcher: 'registry-dispatcher',
  'test-runner': 'registry-test-runner',
};

export const imageOf = (service: ServiceName, { project, region }: Environment): string =>
  `${region}-docker.pkg.dev/${project}/${REPOSITORY}/${service}:${SHORT_SHA}`;

const holdsSecrets = (service: ServiceName): service is 'api' | 'dispatcher' => service in SECRET_VARIABLES;

/** Variables as a container lists them: plain ones first, then those from Secret Manager. */
export const toEnv = (plain: Readonly<Record<string, string>>, holder: Holder | null): EnvEntry[] => [
  ...Object.entries(plain).map(([name, value]) => ({ name, value })),
  ...Object.entries(holder === null ? {} : SECRET_VARIABLES[holder]).map(([name, secret]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key: 'latest' as const } },
  })),
];

const networkAnnotations = (service: ServiceName): Record<string, string> => {
  if (SERVICES[service].egress === 'private') {
    return {
      'run.googleapis.com/vpc-access-connector': CONNECTOR,
      'run.googleapis.com/vpc-access-egress': 'private-ranges-only',
    };
  }
  const interfaces = [{ network: ISOLATED_NETWORK, subnetwork: ISOLATED_NETWORK }];
  return {
    'run.googleapis.com/network-interfaces': JSON.stringify(interfaces),
    'run.googleapis.com/vpc-access-egress': 'all-traffic',
  };
};

const templateAnnotations = (service: ServiceName, environment: Environment): Record<string, string> => {
  const { min, max } = environment.scale[service];
  return {
    'autoscaling.knative.dev/minScale': String(min),
    'autoscaling.knative.dev/maxScale': String(max),
    'run.googleapis.com/execution-environment': 'gen2',
    'run.googleapis.com/startup-cpu-boost': 'true',
    'run.googleapis.com/cpu-throttling': 'true',
    ...networkAnnotations(service),
    ...(SERVICES[service].usesDatabase
      ? { 'run.googleapis.com/cloudsql-instances': sqlConnectionName(environment) }
      : {}),
  };
};

// /ready at the start: a revision that cannot reach its database never takes traffic. /health from then on: restarting
// instances does not bring a database back.
const probes = {
  startupProbe: {
    httpGet: { path: '/ready', port: PORT },
    periodSeconds: 5,
    timeoutSeconds: 4,
    failureThreshold: 24,
  },
  livenessProbe: {
    httpGet: { path: '/health', port: PORT },
    periodSeconds: 30,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
};

/** A Cloud Run service as `gcloud run services replace` takes it, but for what only a deploy knows. */
export function describeService(service: ServiceName, environment: Environment) {
  const { cpu, memoryMi, concurrency, timeoutSeconds } = SERVICES[service];
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: service,
      labels: { 'cloud.googleapis.com/location': environment.region },
      annotations: { 'run.googleapis.com/ingress': 'all' },
    },
    spec: {
      template: {
        metadata: {
          name: `${service}-${REVISION_SUFFIX}`,
          labels: { [COMMIT_LABEL]: COMMIT_SHA },
          annotations: templateAnnotations(service, environment),
        },
        spec: {
          serviceAccountName: accountEmail(runtimeAccount[service], environment),
          containerConcurrency: concurrency,
          timeoutSeconds,
          containers: [
            {
              image: imageOf(service, environment),
              ports: [{ name: 'http1', containerPort: PORT }],
              env: toEnv(plainVariables(service, environment), holdsSecrets(service) ? service : null),
              resources: { limits: { cpu: String(cpu), memory: `${memoryMi}Mi` } },
              ...probes,
            },
          ],
        },
      },
    },
  };
}
