import { type Environment, PROJECT_NUMBER, type ServiceName } from '../environments.ts';
import { toYaml } from '../render-all.ts';
import { describeMigrations } from '../render-jobs.ts';
import { COMMIT_SHA, describeService, REVISION_SUFFIX, SHORT_SHA } from '../render-service.ts';
import type { Serving } from './serving.ts';

/** The name under which a revision without traffic can be reached. */
export const CANDIDATE = 'candidate';

/** What only a deploy knows. */
export interface Release {
  readonly projectNumber: string;
  readonly commit: string;
  readonly shortSha: string;
  /** Makes a revision's name new even when a commit is deployed again. */
  readonly build: string;
}

const shapes = {
  projectNumber: /^\d{6,20}$/,
  commit: /^[0-9a-f]{40}$/,
  shortSha: /^[0-9a-f]{7,40}$/,
  build: /^[a-z0-9]{1,12}$/,
};

function assertShapes(release: Release): void {
  for (const name of ['projectNumber', 'commit', 'shortSha', 'build'] as const) {
    if (!shapes[name].test(release[name])) throw new Error(`${name} is missing or has the wrong shape`);
  }
}

function fill(text: string, release: Release): string {
  assertShapes(release);
  return text
    .replaceAll(REVISION_SUFFIX, `${release.shortSha}-${release.build}`)
    .replaceAll(PROJECT_NUMBER, release.projectNumber)
    .replaceAll(COMMIT_SHA, release.commit)
    .replaceAll(SHORT_SHA, release.shortSha);
}

export const revisionName = (service: ServiceName, { shortSha, build }: Release): string =>
  `${service}-${shortSha}-${build}`;

/**
 * The manifest of a release. All traffic stays where it is, and the new revision can be reached by its tag; only a service that
 * serves nothing yet gives the new revision everything.
 */
export function prepareService(
  service: ServiceName,
  environment: Environment,
  release: Release,
  serving: Serving | null,
): string {
  const manifest = describeService(service, environment);
  const traffic =
    serving === null
      ? [{ latestRevision: true, percent: 100 }]
      : [
          { revisionName: serving.revision, percent: 100 },
          { revisionName: revisionName(service, release), tag: CANDIDATE, percent: 0 },
        ];
  return fill(toYaml({ ...manifest, spec: { ...manifest.spec, traffic } }), release);
}

/** The manifest of the release's migrations. */
export const prepareMigrations = (environment: Environment, release: Release): string =>
  fill(toYaml(describeMigrations(environment)), release);
