/** A seeded pseudo-random generator. */
export interface Random {
  /** A whole number from 0, below `bound`. */
  below(bound: number): number;
  /** `count` different ones, in no order. Throws when there are fewer. */
  draw<T>(from: readonly T[], count: number): T[];
}

/** The mulberry32 generator: small, and even enough to choose moments and parties by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  /** From 0, below 1. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const draw = <T>(from: readonly T[], count: number): T[] => {
    if (count > from.length) throw new Error(`${count} cannot be drawn from ${from.length}`);
    const left = [...from];
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]!);
  };
  return { below, draw };
}
