import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listCheats } from './list-cheats.ts';

const CRITERIA = {
  tests: [{ test_id: 't', type: 'assertion', params: { expression: 'output.ok == true' } }],
};
const named = (criteria: unknown, passing: readonly unknown[], name: string) =>
  listCheats(criteria, passing).find((cheat) => cheat.name === name)?.deliverable;

test('the cheats never hold a deliverable that should pass, since to echo the work is to deliver it', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), (passing) => {
      const texts = new Set(passing.map((value) => JSON.stringify(value)));
      for (const { deliverable } of listCheats(CRITERIA, passing))
        expect(texts.has(JSON.stringify(deliverable))).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('the cheats hold nothing twice, each under a name of its own, and are the same for the same suite and samples', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), (passing) => {
      const cheats = listCheats(CRITERIA, passing);
      expect(new Set(cheats.map(({ name }) => name)).size).toBe(cheats.length);
      expect(new Set(cheats.map(({ deliverable }) => JSON.stringify(deliverable))).size).toBe(cheats.length);
      expect(listCheats(CRITERIA, passing)).toEqual(cheats);
    }),
    { numRuns: 30 },
  );
});

test('the cheats include stubs that have the shape of a sample and none of its values', () => {
  const sample = { title: 'Real work', total: 42, rows: [{ n: 7 }], done: true, note: null };
  expect(named(CRITERIA, [sample], 'sample_with_leaves_blanked')).toEqual({
    title: '',
    total: 0,
    rows: [{ n: 0 }],
    done: false,
    note: null,
  });
  expect(named(CRITERIA, [sample], 'sample_with_arrays_emptied')).toMatchObject({ title: '', rows: [] });
  for (const { name, deliverable } of listCheats(CRITERIA, [sample])) {
    if (name.startsWith('sample_')) expect(JSON.stringify(deliverable)).not.toMatch(/Real work|42|7/);
  }
});

test('the cheats put programs where a program test looks for one, also where no sample says what is around it', () => {
  const params = { source: '$.files["main.py"]', cases: [{ stdin: '1', expect: { stdout: '2' } }] };
  const criteria = { tests: [{ test_id: 'p', type: 'program', params }] };
  expect(named(criteria, [], 'program_exit')).toEqual({ files: { 'main.py': 'import os\nos._exit(0)\n' } });
  const sample = { files: { entry: 'main.py', 'main.py': 'print(2)' } };
  expect(named(criteria, [sample], 'program_empty')).toEqual({
    files: { entry: 'main.py', 'main.py': '' },
  });
});
