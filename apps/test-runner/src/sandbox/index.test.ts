import { afterEach, expect, test } from '@jest/globals';
import { maxLimits } from '../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { createSandboxBackend, type SandboxResult } from './index.ts';
import { whyBlind } from './watch/watchdog-sight.ts';

const capabilities = (hex: string) => `Name:\tnode\nCapEff:\t${hex}\n`;
let made: SandboxResult | null = null;

afterEach(async () => {
  await made?.backend?.close();
  made = null;
});

describeWithSandbox('choosing', () => {
  const common = { maxLimits, poolSize: 0 };

  test('without cgroups and without leave to use the watchdog there is no sandbox, and the reason is told', async () => {
    made = await createSandboxBackend({ ...common, allowWatchdog: false, withoutGroups: true });
    expect(made.backend).toBeNull();
    expect(made.report.available).toBe(false);
    expect(made.report.reason).toMatch(/watching is not allowed|cannot watch/);
  });

  test('the watchdog bounds memory where it may, for two scripts at a time', async () => {
    made = await createSandboxBackend({
      ...common,
      allowWatchdog: true,
      withoutGroups: true,
      concurrency: 8,
    });
    expect(made.report).toMatchObject({ reason: null, facts: { memory: 'watchdog', concurrency: 2 } });
  });

  test('what was found stands in the report of the backend', async () => {
    made = await createSandboxBackend({ ...common, allowWatchdog: true });
    expect(made.backend?.isolation).toEqual(made.report);
    expect(made.report.facts).toMatchObject({ seccomp: 'allow-list', user_namespace: true });
  });
});

test('root without the capability to see other users is blind, and an ordinary user is not', () => {
  expect(whyBlind(0, capabilities('00000000a80425fb'))).toMatch('ordinary user');
  expect(whyBlind(0, capabilities('000001ffffffffff'))).toBeNull();
  expect(whyBlind(1000, capabilities('0000000000000000'))).toBeNull();
});
