import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ENVIRONMENTS, type ServiceName } from '../environments.ts';
import { cloudRunJob, cloudRunService } from '../testing/cloud-run-schema.ts';
import { problemsOf } from '../testing/repository.ts';
import { checkRefusal } from './check-refusal.ts';
import { planImages } from './plan-images.ts';
import { prepareMigrations, prepareService } from './prepare-manifest.ts';
import { readServing, type Serving } from './serving.ts';

const commit = 'a'.repeat(40);
const serving: Serving = { revision: 'api-old-1', commit, image: 'host/project/repository/api@sha256:0123' };
const release = {
  projectNumber: '123456789012',
  commit: 'b'.repeat(40),
  shortSha: 'bbbbbbb',
  build: '1f2e3d4c',
};
const all = (one: Serving | null) => ({ api: one, dispatcher: one, 'test-runner': one });
const affected =
  (...names: ServiceName[]) =>
  async () =>
    new Set(names);

describe('images', () => {
  test('images of apps that changed are built, the others are kept under the new name', async () => {
    const plans = await planImages(all(serving), affected('api'));
    expect(plans.api.how).toBe('build');
    expect(plans.dispatcher).toEqual({ how: 'retag', image: serving.image });
    expect(plans['test-runner']).toEqual({ how: 'retag', image: serving.image });
  });

  test.each([
    ['nothing serves', null, affected()],
    ['the serving revision has no commit label', { ...serving, commit: null }, affected()],
    ['the serving image is unknown', { ...serving, image: null }, affected()],
    ['the serving commit cannot be had', serving, async () => null],
  ])('are all built when %s', async (_why, one, find) => {
    const plans = await planImages(all(one), find);
    expect(Object.values(plans).map(({ how }) => how)).toEqual(['build', 'build', 'build']);
  });
});

describe('what serves', () => {
  const revisions = [
    {
      metadata: { name: 'api-old-1', labels: { 'commit-sha': commit } },
      status: { imageDigest: serving.image ?? '' },
    },
    { metadata: { name: 'api-new-2', labels: { 'commit-sha': 'not a commit' } } },
  ];

  test('what serves is the revision with most of the traffic, by its commit and digest', () => {
    const traffic = [
      { revisionName: 'api-new-2', percent: 0, tag: 'candidate' },
      { revisionName: 'api-old-1', percent: 100 },
    ];
    expect(readServing({ status: { traffic } }, revisions)).toEqual(serving);
  });

  test('what serves is nothing before the first deploy, nor where nothing has traffic', () => {
    expect(readServing(null, [])).toBeNull();
    expect(
      readServing({ status: { traffic: [{ revisionName: 'api-new-2', percent: 0 }] } }, revisions),
    ).toBeNull();
  });

  test('what serves has no commit when its label is not one', () => {
    const traffic = [{ revisionName: 'api-new-2', percent: 100 }];
    expect(readServing({ status: { traffic } }, revisions)).toEqual({
      revision: 'api-new-2',
      commit: null,
      image: null,
    });
  });
});

describe("a release's manifest", () => {
  test('what serves leaves all traffic where it is and names the new revision for a trial', () => {
    const manifest = parse(prepareService('api', ENVIRONMENTS.staging, release, serving));
    expect(problemsOf(cloudRunService, manifest)).toEqual([]);
    expect(manifest.spec.traffic).toEqual([
      { revisionName: 'api-old-1', percent: 100 },
      { revisionName: 'api-bbbbbbb-1f2e3d4c', tag: 'candidate', percent: 0 },
    ]);
    expect(manifest.spec.template.metadata.name).toBe('api-bbbbbbb-1f2e3d4c');
  });

  test('what serves gives everything to the first revision of all', () => {
    const manifest = parse(prepareService('api', ENVIRONMENTS.staging, release, null));
    expect(manifest.spec.traffic).toEqual([{ latestRevision: true, percent: 100 }]);
  });

  test('what serves takes a commit that looks like a number for the text that it is', () => {
    const digits = { ...release, commit: '1'.repeat(40), shortSha: '1111111', build: '12345678' };
    const { labels } = parse(prepareService('api', ENVIRONMENTS.staging, digits, null)).spec.template
      .metadata;
    expect(labels).toEqual({ 'commit-sha': digits.commit });
  });

  test('what serves has nothing left to fill in', () => {
    for (const name of ['staging', 'production'] as const) {
      for (const service of ['api', 'dispatcher', 'test-runner'] as const)
        expect(prepareService(service, ENVIRONMENTS[name], release, serving)).not.toMatch(
          /PROJECT_NUMBER|_SHA|_SUFFIX/,
        );
      const migrations = prepareMigrations(ENVIRONMENTS[name], release);
      expect(migrations).not.toMatch(/PROJECT_NUMBER|_SHA|_SUFFIX/);
      expect(problemsOf(cloudRunJob, parse(migrations))).toEqual([]);
    }
  });

  test.each(Object.keys(release))('what serves is refused when %s is missing', (name) => {
    expect(() => prepareService('api', ENVIRONMENTS.staging, { ...release, [name]: '' }, serving)).toThrow(
      name,
    );
  });
});

describe('the check of the private services', () => {
  const claims = {
    audience: 'https://dispatcher.example',
    email: 'tasks@example.com',
    nowSeconds: 1_700_000_000,
  };
  const tokens: (string | undefined)[] = [];
  const ask = async (
    answer: (token: string | undefined) => { status: number; headers?: Record<string, string> },
  ) => {
    const server = createServer((request, response) => {
      tokens.push(request.headers.authorization);
      const { status, headers } = answer(request.headers.authorization);
      response.writeHead(status, headers).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return (await checkRefusal(`http://127.0.0.1:${port}/internal/sweep`, claims)).map(
        ({ problem }) => problem,
      );
    } finally {
      server.close();
    }
  };

  test('the check of the private services is content when the platform refuses both', async () => {
    expect(await ask(() => ({ status: 403 }))).toEqual([null, null]);
    expect(await ask((token) => ({ status: token === undefined ? 403 : 401 }))).toEqual([null, null]);
  });

  test('forges the very signature that the services accept', async () => {
    await ask(() => ({ status: 403 }));
    expect(tokens.at(-1)).toMatch(/^Bearer [\w-]+\.[\w-]+\.SIGNATURE_REMOVED_BY_GOOGLE$/);
  });

  test('the check of the private services fails when a call reaches the service, whatever it answered', async () => {
    const reached = await ask(() => ({ status: 403, headers: { 'X-Request-Id': '1' } }));
    expect(reached).toEqual([
      'reached the service, which answered 403',
      'reached the service, which answered 403',
    ]);
  });

  test('the check of the private services fails when a call is let through', async () => {
    expect(await ask(() => ({ status: 200 }))).toEqual(['was answered 200', 'was answered 200']);
  });

  test('the check of the private services does not take a 401 for the refusal of a caller without a token', async () => {
    expect(await ask(() => ({ status: 401 }))).toEqual(['was answered 401', null]);
  });
});
