import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { commandLine, findFreePort, identify, sendSignal, waitUntil } from '@agent-registry/servers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { endLeftovers, openPidFiles } from './pid-files.ts';
import { supervisorProcess } from './testing/stand-in.ts';

const timeoutMs = 15_000;
let runDir: string;
let started: { supervisor: number; service: number; child: number } | undefined;

/** A supervisor in a process of its own, its service, and the service's child. */
async function startSupervisor() {
  const { command, args, env } = supervisorProcess(runDir, await findFreePort());
  const supervisor = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: supervisor.stdout }), 'line')) as [string];
  const { pid, child } = JSON.parse(line) as { pid: number; child: number };
  started = { supervisor: supervisor.pid!, service: pid, child };
  return started;
}

const allGone = (pids: number[]) =>
  waitUntil(() => pids.every((pid) => identify(pid) === null), { timeoutMs });

function killDeathWatches(pid: number): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (commandLine(Number(name)).includes(` death-watch ${pid} `)) sendSignal(Number(name), 'SIGKILL');
  }
}

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'stack-run-'));
});

afterEach(() => {
  for (const pid of Object.values(started ?? {})) sendSignal(pid, 'SIGKILL');
  started = undefined;
  rmSync(runDir, { recursive: true, force: true });
});

describe('when the supervisor is killed with -9', () => {
  test('the services of a supervisor that is killed with -9 end by themselves, with what they had started', async () => {
    const { supervisor, service, child } = await startSupervisor();
    sendSignal(supervisor, 'SIGKILL');
    expect(await allGone([supervisor, service, child])).toBe(true);
  });

  test('when the supervisor and the death watches are killed with -9, the next start ends what was left', async () => {
    const { supervisor, service, child } = await startSupervisor();
    killDeathWatches(service);
    sendSignal(supervisor, 'SIGKILL');
    expect(await allGone([supervisor])).toBe(true);
    expect(identify(service)).not.toBeNull();
    const said: string[] = [];
    await endLeftovers(runDir, (line) => said.push(line));
    expect(await allGone([service, child])).toBe(true);
    expect(said).toEqual([`ending service (process ${service}), which an earlier run left behind`]);
    expect(readdirSync(runDir)).toEqual([]);
  });
});

describe('a pid file', () => {
  test('a pid file is no reason to end a process that only has the same number', async () => {
    const bystander = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await once(bystander, 'spawn');
    openPidFiles(runDir);
    writeFileSync(
      join(runDir, 'api.json'),
      JSON.stringify({ pid: bystander.pid, startedAt: 'another time' }),
    );
    await endLeftovers(runDir, () => undefined);
    expect(identify(bystander.pid!)).not.toBeNull();
    bystander.kill('SIGKILL');
  });
});
