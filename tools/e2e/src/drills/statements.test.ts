// The SQL that infra's pages tell people to run, run. A statement is what a shell block
// hands to psql (<<SQL), or a code span that begins with a verb.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';

const infra = fileURLToPath(new URL('../../../../infra', import.meta.url));
const runbooks = readdirSync(join(infra, 'runbooks')).map((name) => `runbooks/${name}`);
const pages = ['README.md', ...runbooks].map(
  (page) => [page, readFileSync(join(infra, page), 'utf8')] as const,
);

const blocks = /<<SQL\n(.*?)^SQL$/gms;
const spans = /`((?:SELECT|WITH|INSERT|UPDATE|DELETE)\s[^`]+)`/g;
const statements = pages.flatMap(([page, text]) =>
  [blocks, spans].flatMap((shape) => [...text.matchAll(shape)].map(([, sql = '']) => [page, sql] as const)),
);

let database: TestDatabase;
let person: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  person = new pg.Client({ connectionString: database.url('superuser') });
  await person.connect();
});
afterAll(async () => {
  await person?.end();
  await database?.drop();
});

test.each(statements)('the statement of %s runs: %s', async (_, sql) => {
  await person.query('BEGIN');
  try {
    // The checklist makes roles that are here already.
    await person.query(sql.replaceAll('registry_', 'checklist_'));
  } finally {
    await person.query('ROLLBACK');
  }
});

test('both kinds are found', () => {
  const found = statements.map(([page, sql]) => `${page}: ${sql.split(' ', 1)[0]}`);
  expect(found).toContain('README.md: CREATE');
  expect(found).toContain('runbooks/queue-stuck.md: SELECT');
});
