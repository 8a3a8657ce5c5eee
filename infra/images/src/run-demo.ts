// Plays the demo against the built images: infra/images/build.sh first (with cloud-tasks-emulator), then, as root,
//   npx node infra/images/src/run-demo.ts
// The containers share the host's network, on loopback and free ports; Postgres runs beside them. podman with runc, since crun
// refuses machines whose cgroups are of both versions.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createNarrator, play } from '@agent-registry/demo';
import { findFreePort, startPostgres, waitUntil } from '@agent-registry/servers';
import pg from 'pg';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const notHere = 77;
const readyTimeoutMs = 60_000;
const podman = ['--runtime=runc', '--cgroup-manager=cgroupfs'];
const run = randomBytes(4).toString('hex');
const tasksAccount = 'tasks@agent-registry.iam.gserviceaccount.com';
const dispatcherAccount = 'dispatcher@agent-registry.iam.gserviceaccount.com';
const seccomp = `seccomp=${root}infra/rendered/seccomp/test-runner.json`;

type Image = 'api' | 'dispatcher' | 'test-runner' | 'cloud-tasks-emulator';
interface Options {
  readonly env?: Record<string, string>;
  readonly security?: readonly string[];
  readonly command?: readonly string[];
}

const tell = createNarrator(process.stdout);
const started: string[] = [];
let endSweep = (): void => undefined;

// No health check: podman has systemd run it, which a container or a small virtual machine lacks.
function arguments_(
  name: string,
  image: Image,
  { env = {}, security = [], command = [] }: Options,
): string[] {
  return [
    ...podman,
    'run',
    '--rm',
    `--name=${name}`,
    '--network=host',
    '--read-only',
    '--tmpfs=/tmp',
    '--no-healthcheck',
    '--ulimit=nofile=1024:1024',
    '--ulimit=nproc=4096:4096',
    ...security.map((option) => `--security-opt=${option}`),
    ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`),
    `localhost/agent-registry/${image}`,
    ...command,
  ];
}

/** Starts a container and waits until an address answers; says how long that took. */
async function up(image: Image, url: string, options: Options): Promise<void> {
  const name = `agent-registry-${image}-${run}`;
  const startedAt = performance.now();
  const container = spawn('podman', arguments_(name, image, options), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [container.stdout, container.stderr])
    stream.on('data', (text: Buffer) => said.push(String(text)));
  started.push(name);
  const isReady = async (): Promise<boolean> => (await fetch(url).catch(() => null))?.ok ?? false;
  if (!(await waitUntil(isReady, { timeoutMs: readyTimeoutMs })))
    throw new Error(`${image} is not ready:\n${said.join('')}`);
  tell.right(`${image}: ready ${((performance.now() - startedAt) / 1_000).toFixed(1)} s after podman run`);
}

function once(image: Image, options: Options): void {
  const { status, stderr, stdout } = spawnSync(
    'podman',
    arguments_(`agent-registry-once-${run}`, image, options),
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${image} ${options.command?.join(' ')}: ${stdout}${stderr}`);
}

async function prepareDatabase(superuser: string): Promise<(role: string) => string> {
  const password = randomBytes(16).toString('hex');
  const statements = async (url: string, ...sql: string[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const line of sql) await client.query(line);
    await client.end();
  };
  const at = (role: string | null): string => {
    const url = new URL(superuser);
    url.pathname = '/agent_registry';
    if (role !== null) Object.assign(url, { username: role, password });
    return url.href;
  };
  await statements(superuser, 'CREATE DATABASE agent_registry');
  const roles = ['registry_owner', 'registry_api', 'registry_dispatcher'];
  await statements(
    at(null),
    ...roles.map((role) => `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`),
    'CREATE EXTENSION pg_trgm',
    'GRANT USAGE, CREATE ON SCHEMA public TO registry_owner',
  );
  once('api', { command: ['node', 'migrate.js'], env: { DATABASE_URL: at('registry_owner') } });
  return at;
}

async function startServices(databaseUrl: (role: string) => string): Promise<string> {
  const [api, dispatcher, runner, grpc, http] = await Promise.all(
    Array.from({ length: 5 }, () => findFreePort()),
  );
  const at = (port: number | undefined): string => `http://127.0.0.1:${port}`;
  const [apiUrl, dispatcherUrl, runnerUrl, issuer] = [at(api), at(dispatcher), at(runner), at(http)];
  const callers = (self: string, email: string) => ({
    OIDC_ISSUER: issuer,
    OIDC_JWKS_URL: `${issuer}/.well-known/jwks.json`,
    OIDC_AUDIENCE: self,
    OIDC_ALLOWED_EMAILS: email,
  });
  const common = {
    HOST: '127.0.0.1',
    TASKS_PROJECT: 'agent-registry',
    TASKS_API_ENDPOINT: `127.0.0.1:${grpc}`,
    TASKS_SERVICE_ACCOUNT: tasksAccount,
    DISPATCHER_URL: dispatcherUrl,
    PLATFORM_SIGNING_KEY: randomBytes(32).toString('hex'),
    WEBHOOK_ALLOW_PRIVATE_TARGETS: 'true',
  };
  await up('cloud-tasks-emulator', `${issuer}/healthz`, {
    env: {
      CLOUD_TASKS_EMULATOR_PORT: String(grpc),
      CLOUD_TASKS_EMULATOR_HTTP_PORT: String(http),
      CLOUD_TASKS_EMULATOR_DATA: 'memory',
    },
  });
  await up('test-runner', `${runnerUrl}/ready`, {
    env: {
      HOST: '127.0.0.1',
      PORT: String(runner),
      TEST_RUNNER_ALLOW_WATCHDOG: 'true',
      ...callers(runnerUrl, dispatcherAccount),
    },
    security: [seccomp, 'unmask=ALL'], // podman's words for Docker's systempaths=unconfined
  });
  const hardened = ['no-new-privileges'];
  await up('dispatcher', `${dispatcherUrl}/ready`, {
    env: {
      ...common,
      ...callers(dispatcherUrl, tasksAccount),
      PORT: String(dispatcher),
      DATABASE_URL: databaseUrl('registry_dispatcher'),
      TEST_RUNNER_URL: runnerUrl,
      ID_TOKEN_URL: `${issuer}/token`,
      ID_TOKEN_EMAIL: dispatcherAccount,
    },
    security: hardened,
  });
  await up('api', `${apiUrl}/ready`, {
    env: {
      ...common,
      PORT: String(api),
      PUBLIC_BASE_URL: apiUrl,
      DATABASE_URL: databaseUrl('registry_api'),
      DEV_DEPOSIT_ENABLED: 'true',
    },
    security: hardened,
  });
  const sweep = spawn(process.execPath, [`${root}infra/compose/sweep.mjs`], {
    env: { DISPATCHER_URL: dispatcherUrl, TOKEN_URL: `${issuer}/token`, TASKS_SERVICE_ACCOUNT: tasksAccount },
    stdio: 'inherit',
  });
  endSweep = () => void sweep.kill();
  const { runtimes } = (await (await fetch(`${runnerUrl}/ready`)).json()) as { runtimes: { name: string }[] };
  tell.right(`the test-runner's image offers ${runtimes.map(({ name }) => name).join(', ')}`);
  return apiUrl;
}

if (spawnSync('podman', ['--version']).status !== 0 || spawnSync('runc', ['--version']).status !== 0) {
  console.error('skipped: podman and runc are not both installed');
  process.exit(notHere);
}
const postgres = await startPostgres({ ephemeral: true, port: 0 });
try {
  tell.chapter('The images start');
  const databaseUrl = await prepareDatabase(postgres.url);
  tell.right('migrate.js of the api image has brought the schema up to date');
  const apiUrl = await startServices(databaseUrl);
  await play({ apiUrl, database: { url: databaseUrl } }, tell);
} finally {
  endSweep();
  for (const name of started.reverse()) spawnSync('podman', [...podman, 'stop', '--time=10', name]);
  await postgres.stop();
}
process.exit(0);
