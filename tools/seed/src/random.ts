import { createHash } from 'node:crypto';

/** A seeded pseudo-random generator. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number of `from` to `to`, both included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** An independent stream, which does not depend on draws of this one. */
  derive(name: string): Random;
}

const UINT32 = 2 ** 32;

/** A counter hashed by SHA-256, eight numbers a hash: slow, even, and free of tables. */
export function createRandom(seed: string): Random {
  let block = Buffer.alloc(0);
  let counter = 0;
  const next = (): number => {
    if (block.length === 0) {
      block = createHash('sha256').update(`${seed}:${counter}`).digest();
      counter += 1;
    }
    const value = block.readUInt32BE(0);
    block = block.subarray(4);
    return value / UINT32;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)]!,
    derive: (name) => createRandom(`${seed}/${name}`),
  };
}
