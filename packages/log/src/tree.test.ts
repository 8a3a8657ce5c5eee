import { generateKeyPair } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkpointText,
  consistencyProof,
  decodeEntries,
  encodeEntries,
  formatProof,
  inclusionProof,
  isConsistent,
  leafHash,
  merkleTreeHash,
  readTilePath,
  readVkey,
  rootOfInclusion,
  signNote,
  tilePath,
  tilesOfInclusion,
  verifyProof,
  vkeyOf,
} from './index.ts';
import { leavesOf, tilesOf } from './testing/tree-of.ts';

const leaves = leavesOf(1_500);
const hashes = leaves.map(leafHash);
const rootAt = (size: number) => merkleTreeHash(hashes.slice(0, size));
const size = fc.integer({ min: 1, max: leaves.length });
const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

test('every leaf of a tree of up to 70 is proved, and by nobody else’s proof', () => {
  for (let length = 1; length <= 70; length += 1) {
    const tileOf = tilesOf(leaves.slice(0, length));
    for (let index = 0; index < length; index += 1) {
      const proof = inclusionProof(index, length, tileOf);
      expect(rootOfInclusion(hashes[index]!, { index, size: length, proof })).toEqual(rootAt(length));
      if (length > 1) {
        const other = rootOfInclusion(hashes[index]!, { index: (index + 1) % length, size: length, proof });
        expect(other).not.toEqual(rootAt(length));
      }
    }
  }
});

test('a proof made of tiles leads to the root, and one with a flipped byte to another', () => {
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), (length, place, spot) => {
      const index = place % length;
      const tileOf = tilesOf(leaves.slice(0, length));
      const named = tilesOfInclusion(index, length).map(({ level, tile }) => `${level} ${tile}`);
      const proof = inclusionProof(index, length, (at) => {
        expect(named).toContain(`${at.level} ${at.tile}`);
        return tileOf(at);
      });
      const rootFor = (path: Uint8Array[]) =>
        rootOfInclusion(hashes[index]!, { index, size: length, proof: path });
      expect(rootFor(proof)).toEqual(rootAt(length));
      if (proof.length === 0) return;
      const at = spot % proof.length;
      expect(rootFor(proof.with(at, flip(proof[at]!, spot % 32)))).not.toEqual(rootAt(length));
      expect(rootFor(proof.slice(1))).toBeNull();
      expect(rootFor([...proof, proof[0]!])).toBeNull();
    }),
    { numRuns: 60 },
  );
});

test('a tree continues each of its beginnings, and none with a flipped byte in its root or in the proof', () => {
  fc.assert(
    fc.property(size, size, fc.nat(), (a, b, spot) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const proof = consistencyProof(from, to, tilesOf(leaves.slice(0, to)));
      const [old, tree] = [
        { size: from, root: rootAt(from) },
        { size: to, root: rootAt(to) },
      ];
      expect(isConsistent(old, tree, proof)).toBe(true);
      const bad = { root: flip(old.root, spot % 32) };
      expect(isConsistent({ ...old, ...bad }, tree, proof)).toBe(false);
      expect(isConsistent(old, { ...tree, ...bad }, proof)).toBe(false);
      expect(isConsistent(old, tree, [...proof, old.root])).toBe(false);
      if (proof.length === 0) return;
      const at = spot % proof.length;
      expect(isConsistent(old, tree, proof.with(at, flip(proof[at]!, spot % 32)))).toBe(false);
      expect(isConsistent(old, tree, proof.slice(1))).toBe(false);
    }),
    { numRuns: 100 },
  );
});

test('every tree of up to 40 leaves continues every smaller one', () => {
  for (let to = 0; to <= 40; to += 1)
    for (let from = 0; from <= to; from += 1) {
      const proof = consistencyProof(from, to, tilesOf(leaves.slice(0, to)));
      expect(isConsistent({ size: from, root: rootAt(from) }, { size: to, root: rootAt(to) }, proof)).toBe(
        true,
      );
    }
});

test('a tile has one path', () => {
  expect(tilePath({ tile: 1_234_067, width: 256 })).toBe('x001/x234/067');
  expect(tilePath({ tile: 0, width: 17 })).toBe('000.p/17');
  for (const path of [
    '67',
    'x000/067',
    '067.p/256',
    '067.p/0',
    '067.p/01',
    'x1/067',
    '067/',
    '',
    '1e3',
    'x001/x234/67',
  ])
    expect(readTilePath(path)).toBeNull();
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (tile, width) => {
      expect(readTilePath(tilePath({ tile, width }))).toEqual({ tile, width });
    }),
  );
});

test('a bundle of entries gives back its leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (entries) => {
      expect(decodeEntries(encodeEntries(entries)).map((leaf) => new Uint8Array(leaf))).toEqual(entries);
    }),
  );
  expect(() => decodeEntries(Buffer.from('0005aa', 'hex'))).toThrow('within an entry');
});

test('a proof’s text holds as it was made, and not with any one of its characters changed', () => {
  const seed = generateKeyPair().privateKey;
  const origin = 'registry.example/log';
  const verifiers = [readVkey(vkeyOf(origin, seed))];
  const note = signNote(checkpointText({ origin, size: 1_500, root: rootAt(1_500) }), origin, [seed]);
  const text = formatProof(700, inclusionProof(700, 1_500, tilesOf(leaves)), note);
  const verify = (proof: string) => verifyProof(leaves[700]!, proof, { origin, verifiers });
  expect(verify(text)).toMatchObject({ index: 700, checkpoint: { size: 1_500 } });
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('A', '0', '\n', ' ', 'é', '+'), (at, mark) => {
      const changed = text.slice(0, at) + mark + text.slice(at + 1);
      if (changed !== text) expect(() => verify(changed)).toThrow();
    }),
    { numRuns: 2_000 },
  );
});
