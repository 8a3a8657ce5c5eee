import { duringTests } from '@agent-registry/servers';
import { afterAll, beforeAll } from '@jest/globals';
import { type E2eStack, startE2eStack } from './stack.ts';

/** For a machine that does other things too. */
const BOOT_TIMEOUT_MS = 240_000;

/** The stack of a file of tests: started before the first, removed after the last. The arguments are `startE2eStack`'s, or give them when it starts. */
export function useE2eStack(
  ...args: Parameters<typeof startE2eStack> | [() => Parameters<typeof startE2eStack>[0]]
): E2eStack {
  let stack: E2eStack | undefined;
  beforeAll(async () => {
    const [overrides, options] = args;
    stack = await startE2eStack(typeof overrides === 'function' ? overrides() : overrides, options);
  }, BOOT_TIMEOUT_MS);
  afterAll(() => stack?.remove(), BOOT_TIMEOUT_MS);
  return duringTests(() => stack);
}
