import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVkey, vkeyOf } from '@agent-registry/log';
import { duringTests } from '@agent-registry/servers';
import { generateKeyPair } from '@agent-registry/signing';
import { afterEach, beforeEach } from '@jest/globals';
import { type Registry, startRegistry } from './start-registry.ts';

export const ORIGIN = 'registry.example/log';
export const SEED = generateKeyPair().privateKey;
export const VERIFIERS = [readVkey(vkeyOf(ORIGIN, SEED))];

/** A registry with a transparency log and an anchor of its own, for each test. */
export function useLogRegistry() {
  let anchor = '';
  let registry: Registry | undefined;
  const logEnv = () => ({ LOG_ORIGIN: ORIGIN, LOG_SIGNING_KEYS: SEED, LOG_ANCHOR: anchor });
  beforeEach(async () => {
    anchor = await mkdtemp(join(tmpdir(), 'anchor-'));
    registry = await startRegistry({ env: logEnv() });
  });
  afterEach(async () => {
    await registry?.[Symbol.asyncDispose]();
    await rm(anchor, { recursive: true, force: true });
  });
  return { registry: duringTests(() => registry), anchor: () => anchor, logEnv };
}
