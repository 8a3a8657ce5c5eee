import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENTS } from './environments.ts';
import { BUILT_IN_METRICS, LOG_METRICS } from './monitoring.ts';
import { renderMonitoring } from './render-monitoring.ts';
import { readText, repositoryRoot } from './testing/repository.ts';

const files = new Map(renderMonitoring(ENVIRONMENTS.production));
const documents = [...files].filter(([file]) => file.endsWith('.json'));
const script = files.get('monitoring.sh') ?? '';
const sources = ['apps', 'packages'].flatMap((room) =>
  readdirSync(join(repositoryRoot, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*\.ts$/.test(path) && !/node_modules|test/.test(path))
    .map((path) => readText(join(room, path))),
);

test.each(documents)('every metric that %s asks for exists, on the resource that has it', (_file, text) => {
  const asked = [...text.matchAll(/metric\.type=\\"([^"\\]+)\\" AND resource\.type=\\"([^"\\]+)\\"/g)];
  expect(asked.length).toBeGreaterThan(0);
  for (const [, metric = '', resource] of asked) {
    const [, sent] = /^workload\.googleapis\.com\/(.*)$/.exec(metric) ?? [];
    if (sent !== undefined) {
      expect([sent in METRICS, resource]).toEqual([true, 'generic_task']);
      continue;
    }
    const [, counted] = /^logging\.googleapis\.com\/user\/(.*)$/.exec(metric) ?? [];
    if (counted === undefined) expect(BUILT_IN_METRICS).toMatchObject({ [metric]: resource });
    else expect([counted in LOG_METRICS, resource]).toEqual([true, 'cloud_run_revision']);
  }
});

test('the dashboard draws everything that the services send for operators', () => {
  const dashboard = files.get('dashboard.json') ?? '';
  for (const name of Object.keys(METRICS))
    expect(dashboard).toContain(`metric.type=\\"workload.googleapis.com/${name}\\"`);
});

test('the script makes every metric that is counted from the log, before the alerts that need it', () => {
  for (const metric of Object.keys(LOG_METRICS)) {
    expect(script).toContain(`\nmetric ${metric} `);
    expect(script.indexOf(`\nmetric ${metric} `)).toBeLessThan(script.indexOf("\nalert '"));
  }
});

test('the script uses every alert file that is rendered, and no other', () => {
  const used = [...script.matchAll(/^alert '.*' (\S+)$/gm)].map(([, file]) => `alerts/${file}`);
  expect(used).toEqual([...files.keys()].filter((file) => file.startsWith('alerts/')));
});

test('every alert names a runbook that is there', () => {
  for (const [file, text] of documents.filter(([name]) => name.startsWith('alerts/'))) {
    const [, runbook = ''] = /"content": "([^"]+)"/.exec(text) ?? [];
    expect([file, readText(runbook).length > 0]).toEqual([file, true]);
  }
});

describe('what the log metrics count', () => {
  const filters = Object.values(LOG_METRICS).join('\n');

  test('what the log metrics count stands in fields that the services write', () => {
    const fields = [...filters.matchAll(/jsonPayload\.(\w+)/g)].map(([, field = '']) => field);
    const isWritten = (field: string) => sources.some((text) => new RegExp(`\\b${field}\\b`).test(text));
    expect(fields.filter((field) => field !== 'message' && !isWritten(field))).toEqual([]);
  });

  test('the log metrics look for words that the services use', () => {
    for (const words of ['/internal/sweep', '`Redis ${'])
      expect([words, sources.some((text) => text.includes(words))]).toEqual([words, true]);
  });
});
