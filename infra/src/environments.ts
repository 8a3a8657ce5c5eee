// Where the registry runs. What is the same everywhere stands in services.ts.

/** What is yours. Edit it first, then `npm run generate`: the manifests and the checklist take everything from here. */
const PLACES = {
  staging: {
    project: 'agent-registry',
    region: 'us-west1',
    domain: null,
    log: { origin: 'staging.registry.example/log', vkeys: [] },
  },
  production: {
    project: 'agent-registry-production',
    region: 'us-west1',
    domain: null,
    log: { origin: 'registry.example/log', vkeys: [] },
  },
} satisfies Record<string, Place>;
/** The repository that Cloud Build releases from. */
export const GITHUB = { owner: 'OWNER', name: 'agent-registry' };
/** Who is told when an alert fires. */
export const ALERT_EMAIL = 'operators@example.com';

export interface Place {
  /** Each environment is a project of its own, since queues, secrets and the connector have the same names in both. */
  readonly project: string;
  readonly region: string;
  /** The host under which agents reach the api, for example `api.example.com`; null: the address that Cloud Run gives. */
  readonly domain: string | null;
  /**
   * The transparency log: its name, which never changes, and the verifier keys of the secret `log-signing-keys`, which the
   * dispatcher logs when it starts. While there are none the api shows no log.
   */
  readonly log: { readonly origin: string; readonly vkeys: readonly string[] };
}

export const ENVIRONMENT_NAMES = ['staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export const SERVICE_NAMES = ['api', 'dispatcher', 'test-runner'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export const REPOSITORY = 'agent-registry';
export const CONNECTOR = 'agent-registry-connector';
/** The network that the test-runner's scripts would find if they broke out: nothing is in it and nothing leads out of it. */
export const ISOLATED_NETWORK = 'test-runner-isolated';

/** Instances of a service: `min` are kept, `max` is the most. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

export interface Environment extends Place {
  readonly name: EnvironmentName;
  readonly sql: {
    readonly instance: string;
    readonly tier: string;
    /** `max_connections` of the instance. */
    readonly connections: number;
  };
  readonly scale: Readonly<Record<ServiceName, Scale>>;
  /** Connections of one instance of api or dispatcher. */
  readonly poolMax: number;
  /** Whether each instance of the api has one connection more, to be woken by; else what waits polls. */
  readonly listens: boolean;
}

export const ENVIRONMENTS: Readonly<Record<EnvironmentName, Environment>> = {
  staging: {
    name: 'staging',
    ...PLACES.staging,
    sql: { instance: 'agent-registry-staging', tier: 'db-f1-micro', connections: 25 },
    scale: { api: { min: 0, max: 2 }, dispatcher: { min: 0, max: 2 }, 'test-runner': { min: 0, max: 2 } },
    poolMax: 2,
    listens: false,
  },
  production: {
    name: 'production',
    ...PLACES.production,
    // The tier's own default of 100 would not carry a deploy, when old and new instances run side by side.
    sql: { instance: 'agent-registry-production', tier: 'db-custom-1-3840', connections: 200 },
    scale: { api: { min: 1, max: 10 }, dispatcher: { min: 1, max: 10 }, 'test-runner': { min: 0, max: 10 } },
    poolMax: 4,
    listens: true,
  },
};

/** The bucket that each batch of the log is written to once. Nobody may delete from it, nor overwrite. */
export const anchorBucket = ({ project }: Environment): string => `${project}-log-anchor`;

/** Cloud SQL's name of the environment's instance. */
export const sqlConnectionName = ({ project, region, sql }: Environment): string =>
  `${project}:${region}:${sql.instance}`;

/** Filled in at deploy: the number is known only to the project itself, and it is part of every run.app address. */
export const PROJECT_NUMBER = 'PROJECT_NUMBER';

/** The address that Cloud Run gives a service. It is also the audience of tokens for it. */
export const serviceUrl = (service: ServiceName, { region }: Environment): string =>
  `https://${service}-${PROJECT_NUMBER}.${region}.run.app`;

/** The address of the api as agents know it. */
export const publicUrl = (environment: Environment): string =>
  environment.domain === null ? serviceUrl('api', environment) : `https://${environment.domain}`;
