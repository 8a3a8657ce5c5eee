import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { launchProcess } from './launch-process.ts';
import { openPidFiles } from './pid-files.ts';

const isAllowed = process.getuid?.() === 0 && existsSync('/proc/self/autogroup');

(isAllowed ? test : test.skip)(
  'the session of a part goes before those of scripts (skipped where autogroups are unknown or not root’s to change)',
  async () => {
    const runDir = mkdtempSync(join(tmpdir(), 'stack-launch-'));
    const spec = { name: 'waits', command: 'sleep', args: ['60'], env: process.env, cwd: '/' };
    const part = await launchProcess(spec, openPidFiles(runDir), () => undefined);
    try {
      expect(readFileSync(`/proc/${part.pid}/autogroup`, 'utf8')).toMatch(/nice -10\n$/);
    } finally {
      await part.stop();
      rmSync(runDir, { recursive: true });
    }
  },
);
