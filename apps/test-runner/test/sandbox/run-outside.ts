import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attack, Bait } from './attack.ts';

const commands = {
  'python:3': ['/usr/bin/python3', '-I'],
  'node:24': [process.execPath],
  'bash:5': ['/bin/bash'],
} as const;

const timeoutMs = 10_000;

/**
 * The harness with its sandbox switched off: runs an attack as an ordinary child process and resolves to what
 * it printed. Only for attacks that say of themselves that they do no harm outside.
 */
export async function runOutside(attack: Attack, bait: Bait): Promise<string> {
  if (attack.worksOutside !== true) {
    throw new Error(`${attack.name} is not to be run outside a sandbox`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'agent-registry-outside-'));
  const script = join(directory, 'script');
  writeFileSync(script, attack.script(bait));
  const [command, ...args] = commands[attack.runtime];
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, [...args, script], { cwd: directory, timeout: timeoutMs, stdio: 'pipe' });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      child.stdin.end();
      child.once('error', reject);
      child.once('close', () => resolve(text));
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
