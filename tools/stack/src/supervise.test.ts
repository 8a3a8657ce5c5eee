import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, identify, waitUntil } from '@agent-registry/servers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { launchProcess } from './launch-process.ts';
import { openPidFiles } from './pid-files.ts';
import { type Part, type PartEvent, type Supervised, supervise } from './supervise.ts';
import { answers, standIn } from './testing/stand-in.ts';

const timeoutMs = 15_000;
let runDir: string;
let port: number;
let events: PartEvent[];
let lines: string[];
let supervised: Supervised | undefined;

function superviseStandIn(env: Record<string, string> = {}): Supervised {
  const pidFiles = openPidFiles(runDir);
  const part: Part = {
    name: 'service',
    url: `http://127.0.0.1:${port}`,
    launch: () => launchProcess(standIn('service', port, env), pidFiles, (line) => lines.push(line)),
    isReady: () => answers(port),
  };
  supervised = supervise(part, (event) => events.push(event));
  return supervised;
}

const kinds = () => events.map((event) => event.kind);

beforeEach(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'stack-run-'));
  port = await findFreePort();
  events = [];
  lines = [];
});

afterEach(async () => {
  await supervised?.stop();
  supervised = undefined;
  rmSync(runDir, { recursive: true, force: true });
});

describe('a supervised part', () => {
  test('a supervised part has started when it is ready, and is gone when it has been stopped', async () => {
    const service = superviseStandIn();
    await service.start();
    expect(await answers(port)).toBe(true);
    expect(readdirSync(runDir)).toEqual(['service.json']);
    const pid = service.pid()!;
    await service.stop();
    expect(identify(pid)).toBeNull();
    expect(readdirSync(runDir)).toEqual([]);
    expect(kinds()).toEqual(['ready']);
  });

  test('a supervised part is started again after each kill -9', async () => {
    const service = superviseStandIn();
    await service.start();
    for (const round of [1, 2]) {
      const pid = service.pid();
      service.kill('SIGKILL');
      expect(await waitUntil(() => service.pid() !== null && service.pid() !== pid, { timeoutMs })).toBe(
        true,
      );
      await service.whenReady();
      expect(await answers(port)).toBe(true);
      expect(kinds()).toHaveLength(1 + 2 * round);
    }
    expect(kinds()).toEqual(['ready', 'ended', 'ready', 'ended', 'ready']);
    expect(events[1]?.message).toBe('was ended by SIGKILL; starting it again in 0.2 s');
    expect(events[3]?.message).toBe('was ended by SIGKILL; starting it again in 0.4 s');
  });

  test('a part that cannot start is an error with its exit code, is not tried again, and leaves nothing', async () => {
    const service = superviseStandIn({ FAILS: '1' });
    await expect(service.start()).rejects.toThrow('service ended with code 3 before it was ready');
    expect(lines).toContain('the reason why');
    expect(kinds()).toEqual(['failed']);
    expect(service.pid()).toBeNull();
  });

  test('a part that is stopped while it is restarted stays down', async () => {
    const service = superviseStandIn();
    await service.start();
    service.kill('SIGKILL');
    expect(await waitUntil(() => kinds().includes('ended'), { timeoutMs })).toBe(true);
    await service.stop();
    expect(service.pid()).toBeNull();
    expect(await answers(port)).toBe(false);
    await service.start();
    expect(await answers(port)).toBe(true);
  });

  test('a supervised part ends with what it had started itself', async () => {
    const service = superviseStandIn({ WITH_CHILD: '1' });
    await service.start();
    const { child } = JSON.parse(lines[0] ?? '') as { child: number };
    expect(identify(child)).not.toBeNull();
    service.kill('SIGKILL');
    expect(await waitUntil(() => identify(child) === null, { timeoutMs })).toBe(true);
  });
});
