// The parts of a release that think; infra/deploy/*.sh holds the parts that call gcloud and docker.
//   plan       reads what serves, writes .release/images/<app>: `build`, or `retag IMAGE`
//   manifests  writes .release/<service>.yaml and .release/migrations.yaml
//   refusals   asserts that the platform refuses strangers at the private services
//   smoke      smoke-tests the api's new revision
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskKinds } from '@agent-registry/schemas';
import { accountEmail, INVOKERS } from '../accounts.ts';
import {
  ENVIRONMENT_NAMES,
  ENVIRONMENTS,
  type Environment,
  SERVICE_NAMES,
  type ServiceName,
} from '../environments.ts';
import { smokeTest } from '../smoke-test.ts';
import { checkRefusal } from './check-refusal.ts';
import { findAffectedApps } from './find-affected.ts';
import { planImages } from './plan-images.ts';
import {
  CANDIDATE,
  prepareMigrations,
  prepareService,
  type Release,
  revisionName,
} from './prepare-manifest.ts';
import {
  type DescribedRevision,
  type DescribedService,
  readAddresses,
  readServing,
  type Serving,
} from './serving.ts';

const directory = '.release';
const root = process.cwd();

const variable = (name: string): string => {
  const value = process.env[name] ?? '';
  if (value === '') throw new Error(`${name} is not set`);
  return value;
};

function readEnvironment(): Environment {
  const name = ENVIRONMENT_NAMES.find((known) => known === variable('ENVIRONMENT'));
  if (name === undefined) throw new Error(`ENVIRONMENT must be ${ENVIRONMENT_NAMES.join(' or ')}`);
  const environment = ENVIRONMENTS[name];
  if (environment.project !== variable('PROJECT_ID'))
    throw new Error(`${name} lives in the project ${environment.project}, not in this one`);
  return environment;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, directory, file), 'utf8')) as T;
}

const describe = (service: ServiceName): DescribedService | null => readJson(`${service}.service.json`);

function readAllServing(): Record<ServiceName, Serving | null> {
  const entries = SERVICE_NAMES.map((service) => {
    const revisions = readJson<DescribedRevision[]>(`${service}.revisions.json`);
    return [service, readServing(describe(service), revisions)] as const;
  });
  return Object.fromEntries(entries) as Record<ServiceName, Serving | null>;
}

async function plan(): Promise<void> {
  const plans = await planImages(readAllServing(), (commit) => findAffectedApps(root, commit));
  mkdirSync(join(root, directory, 'images'), { recursive: true });
  for (const service of SERVICE_NAMES) {
    const image = plans[service];
    console.log(`${service}: ${image.how === 'build' ? `build, ${image.why}` : `keep ${image.image}`}`);
    const line = image.how === 'build' ? 'build' : `retag ${image.image}`;
    writeFileSync(join(root, directory, 'images', service), `${line}\n`);
  }
}

function writeManifests(): void {
  const environment = readEnvironment();
  const release: Release = {
    projectNumber: readFileSync(join(root, directory, 'project-number'), 'utf8').trim(),
    commit: variable('COMMIT_SHA'),
    shortSha: variable('SHORT_SHA'),
    build: variable('BUILD_ID').slice(0, 8),
  };
  const serving = readAllServing();
  const write = (file: string, text: string) => writeFileSync(join(root, directory, file), text);
  for (const service of SERVICE_NAMES) {
    write(`${service}.yaml`, prepareService(service, environment, release, serving[service]));
    write(`${service}.revision`, `${revisionName(service, release)}\n`);
  }
  write('migrations.yaml', prepareMigrations(environment, release));
}

function addressesOf(service: ServiceName): { url: string; candidateUrl: string } {
  const described = describe(service);
  if (described === null) throw new Error(`${service} does not exist`);
  return readAddresses(described, CANDIDATE);
}

const privateRoutes = { dispatcher: taskKinds.sweep.path, 'test-runner': '/internal/test-runs' } as const;

function report(what: string, problem: string | null): boolean {
  console.log(`${problem === null ? 'ok  ' : 'FAIL'} ${what}${problem === null ? '' : `: ${problem}`}`);
  return problem === null;
}

async function refusals(): Promise<boolean> {
  const environment = readEnvironment();
  let isRefused = true;
  for (const service of ['dispatcher', 'test-runner'] as const) {
    const invoker = INVOKERS[service];
    if (invoker === 'allUsers') throw new Error(`${service} is public`);
    const { url, candidateUrl } = addressesOf(service);
    for (const address of new Set([url, candidateUrl])) {
      const claims = {
        audience: url,
        email: accountEmail(invoker, environment),
        nowSeconds: Math.floor(performance.timeOrigin / 1_000),
      };
      for (const { call, problem } of await checkRefusal(`${address}${privateRoutes[service]}`, claims))
        isRefused = report(`${service}: an ${call} call to ${address}`, problem) && isRefused;
    }
  }
  return isRefused;
}

async function smoke(): Promise<boolean> {
  const { candidateUrl } = addressesOf('api');
  const results = await smokeTest('api', candidateUrl);
  return results.map(({ check, problem }) => report(check, problem)).every(Boolean);
}

const commands: Readonly<Record<string, () => unknown>> = {
  plan,
  manifests: writeManifests,
  refusals,
  smoke,
};
const command = commands[process.argv[2] ?? ''];
if (command === undefined) {
  console.error(`Usage: main.ts ${Object.keys(commands).join(' | ')}`);
  process.exitCode = 2;
} else if ((await command()) === false) {
  process.exitCode = 1;
}
