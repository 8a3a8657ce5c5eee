import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { IsolationReport } from '@agent-registry/schemas';
import { beforeAll, expect, test } from '@jest/globals';
import { attacks, titleOf } from '../../test/sandbox/attacks.ts';
import { describeWithSandbox, whyNoSandbox } from '../../test/sandbox/availability.ts';
import type { Flaws } from '../../test/sandbox/run-attacks.ts';

const suiteMs = 300_000;
const ordinaryUser = '12345';
const program = fileURLToPath(new URL('../../test/sandbox/attack-as-this-user.ts', import.meta.url));
const run = promisify(execFile);

const asUser = (args: readonly string[]) =>
  run(
    'setpriv',
    [`--reuid=${ordinaryUser}`, `--regid=${ordinaryUser}`, '--clear-groups', process.execPath, ...args],
    {
      env: {},
      cwd: '/',
      timeout: suiteMs,
      maxBuffer: 16 * 1024 * 1024,
    },
  );

/** Why an ordinary user cannot be played here, or null. */
async function whyNot(): Promise<string | null> {
  if (process.getuid?.() !== 0) {
    return 'the whole suite already runs as an ordinary user';
  }
  try {
    await asUser(['--check', program]);
    return null;
  } catch (error) {
    return `an ordinary user cannot read this checkout: ${String(error).split('\n')[0]}`;
  }
}

const unavailable = whyNoSandbox() ?? (await whyNot());

describeWithSandbox(
  'escape attempts as an ordinary user',
  () => {
    let found: { report: IsolationReport; flaws: Flaws; left: Record<string, unknown[]> };

    beforeAll(async () => {
      const { stdout } = await asUser([program]);
      found = JSON.parse(stdout);
    }, suiteMs);

    test('memory is bounded by watching, since groups are not theirs to make', () => {
      expect(found.report).toMatchObject({ available: true, facts: { runs_as: "the runner's user" } });
    });

    test.each(attacks.map((attack) => [titleOf(attack)]))(
      'the sandbox of an ordinary user holds: %s',
      (title) => {
        expect(found.flaws[title]).toBeNull();
      },
    );

    test('escape attempts of an ordinary user leave no process, directory or group behind', () => {
      expect(found.left).toEqual({ processes: [], directories: [], groups: [] });
    });
  },
  unavailable,
);
