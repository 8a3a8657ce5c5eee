import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const rooms = ['packages', 'apps', 'tools'].flatMap((parent) =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`),
);

test('every room of the repository stands in the table of CONTRIBUTING', () => {
  const table = read('CONTRIBUTING.md').split('## Which room')[1]?.split('\n## ')[0] ?? '';
  expect(rooms.filter((room) => !table.includes(`\`${room}`))).toEqual([]);
});

test('every room that dependency-cruiser has a rule for exists', () => {
  const ruled = [...read('.dependency-cruiser.cjs').matchAll(/^ {2}'((?:packages|apps)\/[\w-]+)': \[/gm)];
  expect(ruled.length).toBeGreaterThan(15);
  expect(ruled.map(([, room]) => room).filter((room) => !rooms.includes(room ?? ''))).toEqual([]);
});
