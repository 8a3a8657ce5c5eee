import type { Clock, Ids } from '@agent-registry/schemas';
import type { Random } from './random.ts';

const SEQUENCE_BITS = 12;

/** UUIDv7 by the clock and the seed alone: the same each time, and in the order they were made. */
export function createSeededIds(clock: Clock, random: Random): Ids {
  let last = 0n;
  return {
    next() {
      const now = BigInt(clock.now().getTime()) << BigInt(SEQUENCE_BITS);
      last = now > last ? now : last + 1n;
      const time = (last >> BigInt(SEQUENCE_BITS)).toString(16).padStart(12, '0');
      const sequence = (last & 0xfffn).toString(16).padStart(3, '0');
      const digits = (count: number) =>
        random
          .whole(0, 16 ** count - 1)
          .toString(16)
          .padStart(count, '0');
      const variant = random.pick(['8', '9', 'a', 'b']);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${digits(3)}-${digits(6)}${digits(6)}`;
    },
  };
}
