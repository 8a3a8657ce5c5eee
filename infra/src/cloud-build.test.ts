import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SERVICE_NAMES } from './environments.ts';
import { cloudBuild } from './testing/cloud-build-schema.ts';
import { problemsOf, readText, readYaml, repositoryRoot } from './testing/repository.ts';

interface Step {
  readonly id: string;
  readonly args: readonly string[];
  readonly waitFor?: readonly string[];
}
const build = readYaml('cloudbuild.yaml') as {
  readonly steps: readonly Step[];
  readonly images: readonly string[];
  readonly substitutions: Record<string, string>;
};
const ids = build.steps.map(({ id }) => id);

/** Everything that has ended well before a step starts. */
const before = (id: string): Set<string> => {
  const step = build.steps.find((one) => one.id === id);
  const direct = (step?.waitFor ?? ids.slice(0, ids.indexOf(id))).filter((name) => name !== '-');
  return new Set(direct.flatMap((name) => [name, ...before(name)]));
};

test('cloudbuild.yaml is a Cloud Build configuration', () => {
  expect(problemsOf(cloudBuild, build)).toEqual([]);
});

test('a step waits for steps that exist and come before it', () => {
  for (const [at, { waitFor = [] }] of build.steps.entries())
    for (const name of waitFor) expect(['-', ...ids.slice(0, at)]).toContain(name);
});

test('no image is made before everything has been checked', () => {
  expect([...before('images')]).toEqual(
    expect.arrayContaining(['install', 'lint', 'types', 'generated', 'test', 'plan']),
  );
});

test('traffic moves last, after migrations, refusals and the smoke test', () => {
  expect(ids.at(-1)).toBe('traffic');
  expect([...before('traffic')].sort()).toEqual(ids.filter((id) => id !== 'traffic').sort());
  expect([...before('deploy')]).toContain('migrate');
  expect([...before('smoke')]).toContain('refusals');
});

test('one SHA names a release: all three images bear it', () => {
  const place = `\${_REGION}-docker.pkg.dev/\${PROJECT_ID}/agent-registry`;
  expect(build.images).toEqual(SERVICE_NAMES.map((name) => `${place}/${name}:\${SHORT_SHA}`));
  expect(build.substitutions._REGION).toBe('us-west1');
});

test('every script that a step runs is there', () => {
  const scripts = build.steps.flatMap(({ args }) => args.filter((arg) => /\.(sh|ts)$/.test(arg)));
  expect(scripts.filter((script) => !existsSync(join(repositoryRoot, script)))).toEqual([]);
});

test('migrations are waited for, and no service is deployed with traffic', () => {
  expect(readText('infra/deploy/migrate.sh')).toMatch(/jobs execute migrations .* --wait/);
  const deploy = readText('infra/deploy/deploy.sh');
  expect(deploy).toContain('run services replace');
  expect(deploy).not.toMatch(/update-traffic|run deploy/);
});
