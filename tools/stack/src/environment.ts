import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { vkeyOf } from '@agent-registry/log';
import type { Secrets } from './secrets.ts';
import type { Ports, ServiceName } from './services.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const project = 'agent-registry';
const location = 'us-west1';
/** The account in whose name Cloud Tasks and the scheduler call the dispatcher. */
export const tasksAccount = `tasks@${project}.iam.gserviceaccount.com`;
const dispatcherAccount = `dispatcher@${project}.iam.gserviceaccount.com`;

export const databaseName = 'agent_registry';
const logOrigin = 'agent-registry.localhost/log';

// What a person may tune by the environment of `npm start`. Everything else is the stack's own business: addresses, secrets, roles.
const tunable =
  /^(RATE_LIMIT|SIGNATURE|AGENTSIG|NONCE|WEBHOOK|TEST_RUNNER_TIMEOUT|TEST_RUNNER_MEMORY|SANDBOX|PROPOSAL|FUNDING|REVIEW|DISPUTE|DELIVERY|VERIFICATION|VERDICT|MAX|PLATFORM_FEE|LOG|OTEL|DB_POOL)_/;
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'];

/** What of an environment every part may see. */
export function passOn(env: Env): Record<string, string> {
  const isPassed = (name: string) => inherited.includes(name) || tunable.test(name);
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]),
    ),
  );
}

/** The addresses of the parts, as programs use them; `localhost` may mean ::1, where nothing listens. */
export function addresses(ports: Ports) {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    api: at(ports.api),
    dispatcher: at(ports.dispatcher),
    testRunner: at(ports['test-runner']),
    emulatorGrpc: `127.0.0.1:${ports.emulator}`,
    tokenIssuer: at(ports['token-issuer']),
  };
}

export interface Surroundings {
  /** What every part inherits, by `passOn`. */
  readonly env: Env;
  /** As the instance sees them. */
  readonly ports: Ports;
  /** Those of the first instance, by whose address the registry is known; `ports` when absent. */
  readonly firstPorts?: Ports;
  readonly secrets: Secrets;
  readonly dataDir: string;
  readonly redisUrl: string | null;
  readonly databaseUrl: (role: 'registry_api' | 'registry_dispatcher') => string;
}

function callersMustBe(email: string, self: string, tokenIssuer: string): Record<string, string> {
  return {
    OIDC_ISSUER: tokenIssuer,
    OIDC_JWKS_URL: `${tokenIssuer}/.well-known/jwks.json`,
    OIDC_AUDIENCE: self,
    OIDC_ALLOWED_EMAILS: email,
  };
}

/** The environment of each service: what packages/config asks for, and no more than its room may know. */
export function serviceEnvironments(
  around: Surroundings,
): Record<Extract<ServiceName, 'api' | 'dispatcher' | 'test-runner'>, Record<string, string>> {
  const { env, ports, firstPorts = ports, secrets, dataDir, redisUrl, databaseUrl } = around;
  const to = addresses(ports);
  const knownAs = [...new Set([firstPorts.api, ports.api])];
  const origins = knownAs.flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
  const common = { ENV: 'local', HOST: '127.0.0.1', TASKS_PROJECT: project };
  const shared = {
    ...common,
    TASKS_LOCATION: location,
    TASKS_API_ENDPOINT: to.emulatorGrpc,
    TASKS_SERVICE_ACCOUNT: tasksAccount,
    DISPATCHER_URL: to.dispatcher,
    PLATFORM_SIGNING_KEY: secrets.platformSigningKey,
    // Agents of a trial run on this machine, unless a person says otherwise; a deployment never sets this.
    WEBHOOK_ALLOW_PRIVATE_TARGETS: env.WEBHOOK_ALLOW_PRIVATE_TARGETS || 'true',
  };
  const operatorHash = createHash('sha256').update(secrets.operatorKey).digest('hex');
  return {
    api: {
      ...shared,
      PORT: String(ports.api),
      PUBLIC_BASE_URL: `http://localhost:${firstPorts.api}`,
      SIGNATURE_ORIGINS: env.SIGNATURE_ORIGINS || origins.join(','),
      DATABASE_URL: databaseUrl('registry_api'),
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
      DEV_DEPOSIT_ENABLED: 'true',
      OPERATOR_API_KEYS: `local:${operatorHash}`,
      LOG_ORIGIN: logOrigin,
      LOG_VKEYS: vkeyOf(logOrigin, secrets.logSeed),
    },
    dispatcher: {
      ...shared,
      ...callersMustBe(tasksAccount, to.dispatcher, to.tokenIssuer),
      PORT: String(ports.dispatcher),
      DATABASE_URL: databaseUrl('registry_dispatcher'),
      TEST_RUNNER_URL: to.testRunner,
      LOG_ORIGIN: logOrigin,
      LOG_SIGNING_KEYS: secrets.logSeed,
      LOG_ANCHOR: join(resolve(dataDir), 'log-anchor'),
      ID_TOKEN_URL: `${to.tokenIssuer}/token`,
      ID_TOKEN_EMAIL: dispatcherAccount,
    },
    'test-runner': {
      ...common,
      ...callersMustBe(dispatcherAccount, to.testRunner, to.tokenIssuer),
      PORT: String(ports['test-runner']),
    },
  };
}
