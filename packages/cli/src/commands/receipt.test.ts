import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runCommandLine } from '../run-command-line.ts';
import { recordIo } from '../testing/recorded-io.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../log/vectors/log.json', import.meta.url), 'utf8'),
) as Record<'vkey' | 'wvkey' | 'salt' | 'opening' | 'proof', string> & { leaves: [string, string, string] };
const settlement = {
  kind: 'settlement',
  leaf: vectors.leaves[2],
  openings: [
    { part: 'both', salt: vectors.salt, opening: JSON.parse(vectors.opening) as Record<string, unknown> },
  ],
  proof: vectors.proof as string | null,
};
const receiptOf = (...items: unknown[]) => ({
  job_id: '0199f3a4-0000-7000-8000-00000000000a',
  log: { origin: 'registry.example/log', vkeys: [vectors.vkey] },
  pending: false,
  items,
});

async function verify(receipt: unknown, ...words: readonly string[]) {
  const io = recordIo({ stdin: JSON.stringify(receipt) });
  const exitCode = await runCommandLine(['receipt', 'verify', '--file', '-', ...words], io);
  return { exitCode, ...io.said };
}
const pinned = ['--vkey', vectors.vkey];

test('receipt verify shows what each leaf and its opening say, without an agent or a registry', async () => {
  const { exitCode, stdout, stderr } = await verify(receiptOf(settlement), ...pinned);
  expect([exitCode, stderr]).toEqual([0, '']);
  for (const said of ['settlement  leaf 2 of 3', '0.20', '"price": "10.00"', 'The receipt holds'])
    expect(stdout).toContain(said);
});

test.each([
  [
    'an opening that was changed',
    { ...settlement, openings: [{ ...settlement.openings[0], opening: { price: '1.00' } }] },
    'does not commit',
  ],
  [
    'a leaf that was changed',
    { ...settlement, leaf: settlement.leaf.replace('0.20', '0.90') },
    'another root',
  ],
  [
    'a signature that was cut off',
    { ...settlement, proof: vectors.proof.slice(0, -60) },
    'an empty line and signatures',
  ],
  [
    'a leaf that nothing ties to the job',
    { kind: 'genesis', leaf: vectors.leaves[0], openings: [], proof: null },
    'which job it is about',
  ],
  ['something that is no item', null, 'the shape'],
] as const)('receipt verify exits 1 for a receipt with %s, and says why', async (_what, item, why) => {
  const { exitCode, stdout, stderr } = await verify(receiptOf(item), ...pinned);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The receipt does not hold: /);
  expect(stderr).toContain(why);
});

test.each([
  ['a leaf without a proof', [settlement, { ...settlement, proof: null }], 'not in the log yet'],
  ['no leaf', [], 'nothing of the job'],
] as const)(
  'receipt verify exits 1 for a receipt with %s: nothing is proved of it',
  async (_what, items, said) => {
    const { exitCode, stdout } = await verify(receiptOf(...items), ...pinned);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(said);
    expect(stdout).not.toContain('The receipt holds');
  },
);

test('receipt verify believes no other log’s key, and not the one that the receipt itself names', async () => {
  const other = `${vectors.vkey.replace('registry.example/log', 'other.example/log')}`;
  expect(await verify(receiptOf(settlement), '--vkey', other)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('another key’s id'),
  });
  expect(await verify(receiptOf(settlement))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--vkey'),
  });
});

test('receipt verify of a job needs an agent that is a party to it', async () => {
  const io = recordIo();
  expect(await runCommandLine(['receipt', 'verify', 'a-job'], io)).toBe(2);
  expect(io.said.stderr).toContain('for its parties');
});

test('receipt verify takes a job or a file, and says so where it gets both', async () => {
  expect(await verify(receiptOf(settlement), 'a-job', ...pinned)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Name a job'),
  });
});
