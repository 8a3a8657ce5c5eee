import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSealer, SealError } from './seal.ts';
import { flipBit, loadVectors } from './testing/vectors.ts';

interface SealVector {
  key: string;
  keyId: string;
  context: string;
  plain: string;
  sealed: string;
}
const { vectors } = loadVectors<{ vectors: SealVector[] }>('seals');

describe('sealed secrets', () => {
  test.each(vectors)('the seal of $plain opens', (vector) => {
    const sealer = createSealer({ currentKey: vector.key });
    expect(sealer.keyId).toBe(vector.keyId);
    expect(sealer.keyIdOf(vector.sealed)).toBe(vector.keyId);
    expect(sealer.open(vector.sealed, vector.context)).toBe(vector.plain);
    expect(() => sealer.open(vector.sealed, `${vector.context}x`)).toThrow(SealError);
  });

  test('what is sealed opens with its context alone, and no bit of it can change', () => {
    const sealer = createSealer({ currentKey: 'k'.repeat(32) });
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string(),
        fc.string(),
        fc.nat(4095),
        (plain, context, other, bit) => {
          const sealed = sealer.seal(plain, context);
          expect(sealer.open(sealed, context)).toBe(plain);
          if (other !== context) expect(() => sealer.open(sealed, other)).toThrow(SealError);
          expect(() => sealer.open(flipBit(Buffer.from(sealed), bit).toString('latin1'), context)).toThrow(
            SealError,
          );
          expect(sealer.seal(plain, context)).not.toBe(sealed);
        },
      ),
    );
  });

  test('after a rotation the older key still opens, until it is no longer accepted', () => {
    const before = createSealer({ currentKey: 'old key' });
    const during = createSealer({ currentKey: 'new key', acceptedKeys: ['old key'] });
    const after = createSealer({ currentKey: 'new key' });
    const sealed = before.seal('whsec_x', 'agent:1');
    expect(during.open(sealed, 'agent:1')).toBe('whsec_x');
    expect(during.keyIdOf(sealed)).toBe(before.keyId);
    expect(during.keyIdOf(during.seal('whsec_x', 'agent:1'))).toBe(after.keyId);
    expect(() => after.open(sealed, 'agent:1')).toThrow(/not accepted/);
  });

  test('old and new versions running together open each other’s seals', () => {
    const old = createSealer({ currentKey: 'old key', acceptedKeys: ['new key'] });
    const fresh = createSealer({ currentKey: 'new key', acceptedKeys: ['old key'] });
    expect(old.open(fresh.seal('s', 'c'), 'c')).toBe('s');
    expect(fresh.open(old.seal('s', 'c'), 'c')).toBe('s');
  });

  test('a newline stored after the key changes nothing', () => {
    const trimmed = createSealer({ currentKey: 'key' });
    const stored = createSealer({ currentKey: 'other', acceptedKeys: ['  key\r\n'] });
    expect(stored.open(trimmed.seal('s', 'c'), 'c')).toBe('s');
  });

  test.each([[''], [' \n']])('an empty key %j is refused', (key) => {
    expect(() => createSealer({ currentKey: key })).toThrow(TypeError);
    expect(() => createSealer({ currentKey: 'k', acceptedKeys: [key] })).toThrow(TypeError);
  });

  test('what is no seal is refused, whatever it is, and errors hold nothing of it', () => {
    const sealer = createSealer({ currentKey: 'key' });
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => sealer.open(value as string, 'c')).toThrow(SealError);
        expect(() => sealer.keyIdOf(value as string)).toThrow(SealError);
      }),
    );
    for (const text of [
      `s1.${sealer.keyId}.AAAA`,
      `s2.${sealer.keyId}.${'A'.repeat(80)}`,
      `s1.${sealer.keyId}.${'A'.repeat(5_000_000)}`,
    ]) {
      expect(() => sealer.open(text, 'c')).toThrow(SealError);
    }
  });
});
