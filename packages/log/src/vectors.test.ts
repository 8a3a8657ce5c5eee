import { readFileSync } from 'node:fs';
import { publicKeyOf } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import {
  checkpointText,
  commitTo,
  decodeLeaf,
  encodeEntries,
  encodeLeaf,
  formatProof,
  inclusionProof,
  leafHash,
  merkleTreeHash,
  openCheckpoint,
  opens,
  readVkey,
  saltOf,
  signNote,
  verifyProof,
  vkeyOf,
} from './index.ts';
import { tilesOf } from './testing/tree-of.ts';

const vectors = JSON.parse(readFileSync(new URL('../vectors/log.json', import.meta.url), 'utf8')) as {
  [Name in
    | 'seed'
    | 'pub'
    | 'vkey'
    | 'salt'
    | 'opening'
    | 'root'
    | 'note'
    | 'cosigned'
    | 'proof'
    | 'bundle']: string;
} & { leaves: string[]; hashes: string[] };
const ORIGIN = 'registry.example/log';
const leaves = vectors.leaves.map((leaf) => Buffer.from(leaf));
const verifiers = [readVkey(vectors.vkey)];

test('the vectors’ key has the verifier key that they say', () => {
  expect(publicKeyOf(vectors.seed)).toBe(vectors.pub);
  expect(vkeyOf(ORIGIN, vectors.seed)).toBe(vectors.vkey);
  expect(verifiers).toEqual([{ name: ORIGIN, keyId: '952bc5e7', publicKey: vectors.pub }]);
});

test('the vectors’ leaves are written, hashed and bundled byte for byte', () => {
  expect(vectors.leaves.map((leaf) => encodeLeaf(decodeLeaf(leaf)).toString())).toEqual(vectors.leaves);
  expect(leaves.map((leaf) => leafHash(leaf).toString('hex'))).toEqual(vectors.hashes);
  expect(encodeEntries(leaves).toString('base64')).toBe(vectors.bundle);
});

test('the vectors’ commitment is made of its salt and its opening', () => {
  const leaf = decodeLeaf(vectors.leaves[2]!);
  const salt = saltOf(Buffer.alloc(32, 0x5a), leaf.id, 'both');
  expect(salt.toString('hex')).toBe(vectors.salt);
  const opening: unknown = JSON.parse(vectors.opening);
  expect(leaf).toMatchObject({ commit: commitTo(salt, opening) });
  expect(opens(leaf, { part: 'both', salt: vectors.salt, opening })).toBe(true);
  expect(opens(leaf, { part: 'seller', salt: vectors.salt, opening })).toBe(false);
  expect(
    opens(leaf, { part: 'both', salt: vectors.salt, opening: { ...(opening as object), price: '1.00' } }),
  ).toBe(false);
});

test('the vectors’ checkpoint is signed byte for byte, and verifies with a witness’ signature beside it', () => {
  const root = merkleTreeHash(leaves.map(leafHash));
  expect(Buffer.from(root).toString('hex')).toBe(vectors.root);
  const checkpoint = { origin: ORIGIN, size: 3, root: Buffer.from(root) };
  expect(signNote(checkpointText(checkpoint), ORIGIN, [vectors.seed])).toBe(vectors.note);
  expect(openCheckpoint(vectors.note, ORIGIN, verifiers)).toEqual(checkpoint);
  expect(openCheckpoint(vectors.cosigned, ORIGIN, verifiers)).toEqual(checkpoint);
});

test('the vectors’ proof is made byte for byte, holds for its leaf and for no other', () => {
  expect(formatProof(2, inclusionProof(2, 3, tilesOf(leaves)), vectors.note)).toBe(vectors.proof);
  expect(verifyProof(leaves[2]!, vectors.proof, { origin: ORIGIN, verifiers }).index).toBe(2);
  expect(() => verifyProof(leaves[1]!, vectors.proof, { origin: ORIGIN, verifiers })).toThrow('another root');
});
