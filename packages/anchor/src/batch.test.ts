import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anchorName, decodeBatch, encodeBatch } from './batch.ts';

const leaves = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 20 });

describe('a batch as an anchor keeps it', () => {
  test('a batch as an anchor keeps it is read as it was written, whatever its leaves and its note', () => {
    fc.assert(
      fc.property(leaves, fc.string({ unit: 'binary' }), (raw, note) => {
        const batch = { leaves: raw.map((leaf) => Buffer.from(leaf)), note };
        expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
      }),
    );
  });

  test('that was cut before its note is refused', () => {
    fc.assert(
      fc.property(leaves, fc.nat(), (raw, seed) => {
        const whole = encodeBatch({ leaves: raw, note: '' });
        expect(() => decodeBatch(whole.subarray(0, seed % whole.length))).toThrow(RangeError);
      }),
    );
  });
});

test('a batch without leaves, behind which a reader would find it again for ever, is refused', () => {
  expect(() => decodeBatch(encodeBatch({ leaves: [], note: 'note' }))).toThrow(RangeError);
});

test('the names of batches sort as the places of their first leaves', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (one, other) => {
      expect(anchorName(one) < anchorName(other)).toBe(one < other);
    }),
  );
});
