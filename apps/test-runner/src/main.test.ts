import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const room = fileURLToPath(new URL('..', import.meta.url));

/** Starts the program as it is started in earnest, and resolves with the address that it logs. */
async function boot(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: room,
    env: { OIDC_AUDIENCE: 'http://127.0.0.1:1', OIDC_ALLOWED_EMAILS: 'a@example.org', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  for await (const chunk of child.stdout) {
    log += String(chunk);
    const url = /"url":"([^"]+)"/.exec(log)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error(`it did not start: ${log}`);
}

/** Processes whose parent is `pid`. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
}

const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
};

async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each(['SIGTERM', 'SIGKILL'] as const)('%s ends it and every worker with it', async (signal) => {
  const { child, url } = await boot();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect((await fetch(`${url}/internal/test-runs`, { method: 'POST' })).status).toBe(401);
  const workers = childrenOf(child.pid ?? 0);
  expect(workers.length).toBeGreaterThanOrEqual(4);
  child.kill(signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
  await allGone(workers);
});
