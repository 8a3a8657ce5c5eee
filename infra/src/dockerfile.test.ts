import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENTS, SERVICE_NAMES } from './environments.ts';
import { describeService } from './render-service.ts';
import { SERVICES } from './services.ts';
import { readText } from './testing/repository.ts';

// Lines that end in a backslash go on in the next.
const lines = readText('Dockerfile')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const stageOf = (name: string): string[] => {
  const at = lines.findIndex((line) => line.startsWith('FROM') && line.endsWith(` AS ${name}`));
  const length = lines.slice(at + 1).findIndex((line) => line.startsWith('FROM'));
  return lines.slice(at + 1, length < 0 ? undefined : at + 1 + length);
};
const service = stageOf('service');

describe('an image', () => {
  test('an image is made on Node 24 for each of the services', () => {
    expect(lines).toContain('ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim');
    for (const name of SERVICE_NAMES) expect(lines).toContain(`FROM node-alone AS base-${name}`);
  });

  test('an image holds the bundle and no package of the repository', () => {
    expect(service.filter((line) => /^(COPY|ADD)/.test(line))).toEqual([
      `COPY --from=build /repository/dist/\${APP}/ ./`,
    ]);
    expect(stageOf('trimmed').join()).toContain('rm -rf /usr/local/lib/node_modules');
  });

  test('an image comes from the lock file, and no package runs a script of its own', () => {
    const installs = lines.filter((line) => /npm (ci|i|install) /.test(line));
    for (const line of installs) expect(line).toMatch(/npm ci --ignore-scripts --omit=dev/);
    expect(installs).toHaveLength(2);
  });

  test('an image does not run as root, and knows whether it is alive', () => {
    expect(service).toContain('USER 1000:1000');
    expect(service.some((line) => line.startsWith('HEALTHCHECK') && line.includes('/health'))).toBe(true);
    expect(service.at(-1)).toMatch(/^CMD \["node", .*"main\.js"\]$/);
  });

  test('caps the heap to half of what its manifest gives the container, and nothing in a manifest lifts the cap', () => {
    expect(service.at(-1)).toContain('"--max-old-space-size-percentage=50", "--max-semi-space-size=4"');
    for (const name of SERVICE_NAMES) {
      for (const environment of Object.values(ENVIRONMENTS)) {
        const [container] = describeService(name, environment).spec.template.spec.containers;
        expect(container?.resources.limits.memory).toBe(`${SERVICES[name].memoryMi}Mi`);
        expect(container?.env.map((entry) => entry.name)).not.toContain('NODE_OPTIONS');
        expect(container).not.toHaveProperty('command');
        expect(container).not.toHaveProperty('args');
      }
    }
    expect(SERVICES.api.memoryMi).toBe(512);
  });

  test('an image says what it is and from which commit', () => {
    const labels = service.find((line) => line.startsWith('LABEL')) ?? '';
    for (const label of ['title', 'revision', 'licenses'])
      expect(labels).toContain(`org.opencontainers.image.${label}=`);
  });

  test('the image of the test-runner brings the sandbox, the languages and an init', () => {
    expect(stageOf('base-test-runner').join('\n')).toMatch(/bubblewrap python3 tini/);
  });
});

test('neither secrets nor history go into a build', () => {
  expect(readText('.dockerignore').split('\n')).toEqual(
    expect.arrayContaining(['**/.env', '.git', '.data', '**/node_modules', '**/dist']),
  );
});
