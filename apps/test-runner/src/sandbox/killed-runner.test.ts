import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { findLeftovers } from '../../test/sandbox/leftovers.ts';
import { until } from '../../test/sandbox/until.ts';
import { createScratch } from './bwrap/scratch.ts';
import { findGroups } from './cgroup/find-cgroups.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A process id that was some process's and is nobody's now. */
async function deadPid(): Promise<number> {
  const child: ChildProcess = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid as number;
}

describeWithSandbox('a killed runner', () => {
  test('a killed runner takes its sandboxes with it, those that run and those that wait', async () => {
    const runner = spawn(process.execPath, [here('../../test/sandbox/run-until-killed.ts')], {
      stdio: 'ignore',
    });
    const pid = runner.pid as number;
    // bwrap, first process, script and its two sleeps, and three interpreters that wait.
    await until('its sandboxes stand', () => findLeftovers(pid).processes.length >= 8);
    runner.kill('SIGKILL');
    await until('no process is left', () => findLeftovers(pid).processes.length === 0);
    // Making another clears up what only a name was left of.
    await until('nothing is left', () => {
      void createScratch().remove();
      findGroups();
      const { directories, groups } = findLeftovers(pid);
      return directories.length === 0 && groups.length === 0;
    });
  });

  test('a killed runner lets no script begin that it was about to start', async () => {
    for (let round = 0; round < 8; round += 1) {
      const program = here('../../test/sandbox/run-until-killed.ts');
      const runner = spawn(process.execPath, [program], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      await once(runner.stdout, 'data');
      await delay(200 + 7 * round);
      runner.kill('SIGKILL');
      const pid = runner.pid as number;
      // A script that began all the same would sleep for minutes.
      await until('no process is left', () => findLeftovers(pid).processes.length === 0, 5_000);
    }
    await createScratch().remove();
    findGroups();
  });
});

test("directories of dead runners are removed, and a living one's are not", async () => {
  const parent = mkdtempSync(join(tmpdir(), 'agent-registry-scratch-test-'));
  const dead = `agent-registry-sandbox-${await deadPid()}-abcdef`;
  const alive = `agent-registry-sandbox-${process.pid}-abcdef`;
  mkdirSync(join(parent, dead));
  mkdirSync(join(parent, alive));
  mkdirSync(join(parent, 'another'));
  const scratch = createScratch(parent);
  await scratch.remove();
  expect(readdirSync(parent).sort()).toEqual([alive, 'another'].sort());
  rmSync(parent, { recursive: true });
});

test('descriptors that a runner inherited are closed before a script could inherit them', async () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { closeStrayDescriptors, strayDescriptors } from ${JSON.stringify(here('./bwrap/stray-descriptors.ts'))};
    const before = strayDescriptors();
    closeStrayDescriptors();
    console.log(JSON.stringify([before.includes(40), strayDescriptors()]));`;
  const command = `exec 40</dev/null; exec "$0" --input-type=module-typescript -e "$1"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, script]);
  expect(JSON.parse(stdout)).toEqual([true, []]);
});
