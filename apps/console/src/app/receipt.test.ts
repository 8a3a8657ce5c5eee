import { type JobReceipt, verifyReceipt as verifyByNode } from '@agent-registry/client';
import {
  checkpointText,
  commitTo,
  encodeLeaf,
  formatProof,
  leafHash,
  nodeHash,
  saltOf,
  signNote,
  vkeyOf,
} from '@agent-registry/log';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { provenKeys, verifyReceipt } from './receipt.ts';

const ORIGIN = 'registry.example/log';
const SEED = '11'.repeat(32);
const LOG = { origin: ORIGIN, vkeys: [vkeyOf(ORIGIN, SEED)] };
const JOB = '0199f3a4-0000-7000-8000-00000000000a';
const TIME = '2026-01-01T00:00:02.000Z';

/** Each place of a tree of `size` leaves, whose other leaves are of no job. */
function proofsOf(leaves: readonly Buffer[]): (index: number) => Buffer[] {
  const prove = (hashes: readonly Uint8Array[], index: number): Buffer[] => {
    if (hashes.length === 1) return [];
    const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
    const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
    return index < split
      ? [...prove(left, index), rootOf(right)]
      : [...prove(right, index - split), rootOf(left)];
  };
  return (index) => prove(leaves.map(leafHash), index);
}

function rootOf(hashes: readonly Uint8Array[]): Buffer {
  if (hashes.length === 1) return Buffer.from(hashes[0]!);
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** A receipt of terms and a settlement, at two places of a log of `size` leaves. */
function receiptOf(size: number, first: number): JobReceipt {
  const salt = saltOf(Buffer.alloc(32, 7), 'leaf', 'both');
  const openings = [
    { job_id: JOB, price: '20.00', note: 'für “Ünicode” €' },
    { job_id: JOB, outcome: 'completed' },
  ];
  const commits = openings.map((opening) => commitTo(salt, opening));
  const head = { v: 1, id: 'leaf', time: TIME } as const;
  const own = [
    encodeLeaf({ ...head, kind: 'terms', commit: commits[0]! }),
    encodeLeaf({
      ...head,
      kind: 'settlement',
      job: JOB,
      fee_floor: '0.50',
      stake_floor: '0.50',
      fault: null,
      commit: commits[1]!,
    }),
  ];
  const leaves = Array.from({ length: size }, (_, index) => own[index - first] ?? Buffer.from(`${index}`));
  const note = signNote(
    checkpointText({ origin: ORIGIN, size, root: rootOf(leaves.map(leafHash)) }),
    ORIGIN,
    ['22'.repeat(32), SEED],
  );
  const prove = proofsOf(leaves);
  const items = own.map((leaf, at) => ({
    kind: ['terms', 'settlement'][at]!,
    leaf: leaf.toString(),
    openings: [{ part: 'both' as const, salt: salt.toString('hex'), opening: openings[at] }],
    proof: formatProof(first + at, prove(first + at), note),
  }));
  return { job_id: JOB, log: LOG, pending: false, items };
}

const holdsByNode = (receipt: JobReceipt): boolean => {
  try {
    verifyByNode(receipt, LOG);
    return true;
  } catch {
    return false;
  }
};
const holds = (receipt: JobReceipt): Promise<boolean> =>
  verifyReceipt(receipt, LOG).then(
    () => true,
    () => false,
  );

test('a receipt holds in the page, with its places in the log, wherever in a log of any size it is', async () => {
  const anyPlace = fc
    .integer({ min: 2, max: 70 })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 2 })));
  await fc.assert(
    fc.asyncProperty(anyPlace, async ([size, first]) => {
      const receipt = receiptOf(size, first);
      expect((await verifyReceipt(receipt, LOG)).map(({ place }) => place)).toEqual([
        { index: first, size },
        { index: first + 1, size },
      ]);
      expect(holdsByNode(receipt)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('whatever character of a receipt is changed, the page finds it where the client package does', async () => {
  const text = JSON.stringify(receiptOf(13, 5));
  const anyChange = fc.tuple(
    fc.nat({ max: text.length - 1 }),
    fc.constantFrom('0', '1', 'a', '"', '\\n', '=', ' ', ''),
  );
  await fc.assert(
    fc.asyncProperty(anyChange, async ([at, put]) => {
      let changed: JobReceipt;
      try {
        changed = JSON.parse(text.slice(0, at) + put + text.slice(at + 1)) as JobReceipt;
      } catch {
        return;
      }
      expect([put, at, await holds(changed)]).toEqual([put, at, holdsByNode(changed)]);
    }),
    { numRuns: 1_500 },
  );
});

test('a receipt that is of another job, of another log, or forged in an opening does not hold, and says which entry', async () => {
  const receipt = receiptOf(13, 5);
  const [first, second] = receipt.items;
  const other = { origin: ORIGIN, vkeys: [vkeyOf(ORIGIN, '33'.repeat(32))] };
  await expect(verifyReceipt(receipt, other)).rejects.toThrow(
    'Entry 1 (terms): no known key signed its checkpoint.',
  );
  await expect(verifyReceipt({ ...receipt, job_id: 'another' }, LOG)).rejects.toThrow(
    'it is about another job',
  );
  const forged = {
    ...second!,
    openings: [{ ...second!.openings[0]!, opening: { job_id: JOB, outcome: 'failed' } }],
  };
  await expect(verifyReceipt({ ...receipt, items: [first!, forged] }, LOG)).rejects.toThrow(
    'Entry 2 (settlement): it does not commit to what is shown of it to both.',
  );
  const moved = { ...first!, proof: second!.proof };
  await expect(verifyReceipt({ ...receipt, items: [moved] }, LOG)).rejects.toThrow('another root');
  const unpublished = await verifyReceipt({ ...receipt, items: [{ ...first!, proof: null }] }, LOG);
  expect(unpublished[0]!.place).toBeNull();
});

test('of the keys that are named beside a receipt, those alone are proven that signed where each published entry is', async () => {
  const receipt = receiptOf(13, 5);
  const [old, next, named] = [SEED, '22'.repeat(32), '33'.repeat(32)].map((seed) => vkeyOf(ORIGIN, seed));
  const log = { origin: ORIGIN, vkeys: [old!, next!, named!] };
  expect(await provenKeys(receipt, log)).toEqual([old, next]);
  expect(await provenKeys(receipt, { ...log, vkeys: ['no key'] })).toEqual([]);
  const items = receipt.items.map((item) => ({ ...item, proof: null }));
  expect(await provenKeys({ ...receipt, items }, log)).toEqual([]);
});
