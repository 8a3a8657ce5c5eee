import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;

/**
 * Random bytes, up to 4,096 at a time, for one id after another: each call to the system's generator costs more than an id. What is
 * returned is overwritten some calls later, so it is to be used at once.
 */
export const createRandomPool = (): ((bytes: number) => Buffer) => {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (bytes) => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
};
