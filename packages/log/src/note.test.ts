import { generateKeyPair } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeLeaf,
  encodeLeaf,
  NoteError,
  openNote,
  readCheckpoint,
  readVkey,
  signNote,
  vkeyOf,
} from './index.ts';

const NAME = 'registry.example/log';
const [first, second] = [generateKeyPair().privateKey, generateKeyPair().privateKey];
const verifier = (seed: string) => readVkey(vkeyOf(NAME, seed));

test('a note that two keys signed opens by either of them, and by no other key', () => {
  const note = signNote('text\n', NAME, [first, second]);
  expect(openNote(note, [verifier(first)])).toBe('text\n');
  expect(openNote(note, [verifier(second)])).toBe('text\n');
  expect(() => openNote(note, [verifier(generateKeyPair().privateKey)])).toThrow('no known key');
  expect(() => openNote(note.replace('text', 'test'), [verifier(first)])).toThrow('does not verify');
});

test('a verifier key whose id is another’s is refused', () => {
  const vkey = vkeyOf(NAME, first);
  expect(() => readVkey(vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toThrow('another key');
  expect(() => readVkey(vkey.replace('registry', 'registrx'))).toThrow('another key');
});

test('what strangers write as a note, a checkpoint, a key or a leaf is read or refused, and breaks nothing', () => {
  const isNoteError = (error: unknown) => error instanceof NoteError;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const read of [
        () => openNote(text, [verifier(first)]),
        () => readCheckpoint(text),
        () => readVkey(text),
      ])
        try {
          read();
        } catch (error) {
          expect(isNoteError(error)).toBe(true);
        }
    }),
  );
});

test('a leaf that is not canonical is refused, and one beyond its size is not written', () => {
  expect(() => decodeLeaf('{"v":1,"kind":"terms","id":"a","time":"t"}')).toThrow('not canonical');
  expect(() => decodeLeaf('{"id":"a","kind":"terms","time":"t","v":2}')).toThrow('version 1');
  const terms = { v: 1, kind: 'terms', id: 'a', time: 't', commit: 'c'.repeat(3_000) } as const;
  expect(() => encodeLeaf(terms)).toThrow(RangeError);
});
