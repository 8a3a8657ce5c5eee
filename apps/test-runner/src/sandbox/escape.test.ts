import { beforeAll, expect, test } from '@jest/globals';
import { maxLimits } from '../../test/sandbox/attack-limits.ts';
import { attacks, titleOf } from '../../test/sandbox/attacks.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { layBait } from '../../test/sandbox/bait.ts';
import { findLeftovers, type Leftovers } from '../../test/sandbox/leftovers.ts';
import { type Flaws, runAttacks } from '../../test/sandbox/run-attacks.ts';
import { closeStrayDescriptors } from './bwrap/stray-descriptors.ts';
import { createSandboxBackend, type SandboxResult } from './index.ts';

const suiteMs = 300_000;
const atOnce = 2;

describeWithSandbox('escape attempts', () => {
  let before: Leftovers;
  let after: Leftovers;
  let sandbox: SandboxResult;
  let flaws: Flaws = {};

  beforeAll(async () => {
    // What the test's own process inherited is none of the sandbox's leftovers.
    closeStrayDescriptors();
    const { bait, remove } = await layBait();
    before = findLeftovers();
    sandbox = await createSandboxBackend({
      maxLimits,
      allowWatchdog: true,
      poolSize: 0,
      concurrency: atOnce,
    });
    if (sandbox.backend !== null) {
      flaws = await runAttacks(sandbox.backend, attacks, bait, atOnce);
      await sandbox.backend.close();
    }
    after = findLeftovers();
    remove();
  }, suiteMs);

  test('the self-test finds an isolation that holds', () => {
    expect(sandbox.report).toMatchObject({ available: true, reason: null });
  });

  test('there are at least 80 of them, and each runtime is tried', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(80);
    expect(new Set(attacks.map(titleOf)).size).toBe(attacks.length);
    expect(new Set(attacks.map(({ runtime }) => runtime)).size).toBe(3);
  });

  test.each(attacks.map((attack) => [titleOf(attack)]))('the sandbox holds: %s', (title) => {
    expect(flaws[title]).toBeNull();
  });

  test('escape attempts leave no process, directory, group, mount or descriptor behind', () => {
    // Files that happened to be open before may be closed by now; what counts is that none was added.
    expect(after).toEqual({ ...before, descriptors: expect.any(Number) });
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
    expect(before.processes).toEqual([]);
  });
});
