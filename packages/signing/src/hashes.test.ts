import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalJson,
  chainHash,
  criteriaHash,
  legacyCriteriaHash,
  legacyJson,
  sha256Hex,
  taskId,
  timingSafeEqualText,
} from './hashes.ts';
import { loadVectors } from './testing/vectors.ts';

const canonical = loadVectors<{
  vectors: { name: string; text: string; canonical: string; sha256: string }[];
  refused: string[];
}>('canonical-json');
const legacy = loadVectors<{
  vectors: { name: string; text: string; pythonText: string; sha256: string }[];
  keptSpellings: { text: string; legacyText: string; sha256: string }[];
  malformed: string[];
}>('legacy-criteria-hash');
const hashes = loadVectors<{
  chain: { previous: string | null; entry: unknown; hash: string }[];
  taskIds: {
    kind: string;
    subject: string;
    cycle: number;
    attempt: number;
    generation: number;
    id: string;
  }[];
}>('hashes');

describe('canonical JSON', () => {
  test.each(canonical.vectors)('the canonical JSON is that of the test vector: $name', (vector) => {
    expect(canonicalJson(JSON.parse(vector.text))).toBe(vector.canonical);
    expect(criteriaHash(JSON.parse(vector.text))).toBe(vector.sha256);
  });

  test.each(canonical.refused)('lone surrogates are refused: %s', (text) => {
    expect(() => canonicalJson(JSON.parse(text))).toThrow();
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [1n], [undefined], [() => 1], [Symbol('s')]])(
    '%p is no JSON value, alone or inside',
    (value) => {
      expect(() => canonicalJson(value)).toThrow();
      if (typeof value === 'number' || typeof value === 'bigint') {
        expect(() => canonicalJson({ a: [value] })).toThrow();
      }
    },
  );

  test('a cycle is refused, and depth is not bounded by the stack', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalJson(cycle)).toThrow();
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(canonicalJson(deep)).toHaveLength(200_001);
  });

  test('it is idempotent and blind to the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

describe('the hash of existing Python clients', () => {
  test.each(legacy.vectors)(
    'the hash of existing Python clients is that of the test vector: $name',
    (vector) => {
      expect(legacyJson(vector.text)).toBe(vector.pythonText);
      expect(legacyCriteriaHash(vector.text)).toBe(vector.sha256);
    },
  );

  test.each(legacy.keptSpellings)('numbers stay as they were sent: $text', (vector) => {
    expect(legacyJson(vector.text)).toBe(vector.legacyText);
    expect(legacyCriteriaHash(vector.text)).toBe(vector.sha256);
  });

  test('members sort by code point for any keys', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', '\uD83D', '\uDE00', '\u{1F600}', '\uE000', '\uFFFF'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 8 }), (keys) => {
        const written = legacyJson(`{${keys.map((name) => `${JSON.stringify(name)}:0`).join(',')}}`);
        const order = [...written.matchAll(/"((?:[^"\\]|\\.)*)":0/g)].map(
          (m) => JSON.parse(`"${m[1]}"`) as string,
        );
        const points = order.map((name) => Array.from(name, (c) => c.codePointAt(0) ?? 0));
        expect(order).toHaveLength(keys.length);
        for (let i = 1; i < points.length; i += 1)
          expect(comesBefore(points[i - 1] ?? [], points[i] ?? [])).toBe(true);
      }),
    );
  });
});

describe('other hashes', () => {
  test.each(hashes.chain)('a log entry is chained to the one before: $hash', (vector) => {
    expect(chainHash(vector.previous, vector.entry)).toBe(vector.hash);
    expect(chainHash('0'.repeat(64), vector.entry)).not.toBe(vector.hash);
  });

  test.each(hashes.taskIds)('the task id of $kind $subject is $id', (v) => {
    expect(taskId(v.kind, v.subject, v.cycle, v.attempt, v.generation)).toBe(v.id);
    expect(taskId(v.kind, v.subject, BigInt(v.cycle), BigInt(v.attempt), BigInt(v.generation))).toBe(v.id);
    expect(taskId(v.kind, v.subject, v.cycle, v.attempt, v.generation + 1)).not.toBe(v.id);
  });

  test('neighbouring parts of a task id cannot run into each other', () => {
    expect(taskId('a', 'b', 1, 11, 0)).not.toBe(taskId('a', 'b', 11, 1, 0));
    expect(taskId('ab', 'c', 1, 1, 0)).not.toBe(taskId('a', 'bc', 1, 1, 0));
  });

  test('texts compare equal only to themselves', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(timingSafeEqualText(a, a)).toBe(true);
        expect(timingSafeEqualText(a, b)).toBe(a === b);
      }),
    );
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

function comesBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((point, i) => point !== b[i]);
  return at === -1 ? a.length < b.length : at >= b.length ? false : (a[at] ?? 0) < (b[at] ?? 0);
}
