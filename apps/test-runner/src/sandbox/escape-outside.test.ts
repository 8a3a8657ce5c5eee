import { expect, test } from '@jest/globals';
import { attacks, titleOf } from '../../test/sandbox/attacks.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { layBait } from '../../test/sandbox/bait.ts';
import { runOutside } from '../../test/sandbox/run-outside.ts';

const harmless = attacks.filter(({ worksOutside }) => worksOutside === true);

describeWithSandbox('the same attacks outside', () => {
  test('the same attacks outside do succeed, so that it is the sandbox that holds them', async () => {
    const laid = await layBait();
    const worked: string[] = [];
    for (const attack of harmless) {
      if ((await runOutside(attack, laid.bait)).includes('ESCAPED')) {
        worked.push(titleOf(attack));
      }
    }
    laid.remove();
    // Some depend on the kernel and on the container that the tests themselves run in.
    expect(worked.length).toBeGreaterThanOrEqual(20);
    for (const area of ['network', 'files', 'processes']) {
      expect(worked.filter((title) => title.startsWith(area)).length).toBeGreaterThanOrEqual(3);
    }
  }, 120_000);

  test('the same attacks outside are refused by the harness without a sandbox when they could do harm', async () => {
    const harmful = attacks.find(({ worksOutside }) => worksOutside !== true);
    await expect(runOutside(harmful as (typeof attacks)[number], {} as never)).rejects.toThrow(
      'outside a sandbox',
    );
  });
});
