import { execFileSync } from 'node:child_process';
import { describe } from '@jest/globals';
import { filteredArchitectures } from '../../src/sandbox/seccomp/seccomp.ts';

/** Why sandboxes cannot be tested on this machine, or null when they can. Tests that are skipped say it. */
export function whyNoSandbox(): string | null {
  if (process.platform !== 'linux') {
    return 'namespaces are a matter of Linux';
  }
  if (!filteredArchitectures.includes(process.arch)) {
    return `there is no system call filter for ${process.arch}`;
  }
  try {
    execFileSync('bwrap', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'bubblewrap is not installed';
  }
  try {
    const args = [
      '--unshare-user',
      '--unshare-pid',
      '--unshare-net',
      '--ro-bind',
      '/',
      '/',
      '--proc',
      '/proc',
      'true',
    ];
    execFileSync('bwrap', args, { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `user namespaces are not available here: ${String((error as { stderr?: Buffer }).stderr).trim()}`;
  }
}

/** A block of tests that need sandboxes; where there are none they are skipped, and say why. */
export function describeWithSandbox(name: string, tests: () => void, reason = whyNoSandbox()): void {
  if (reason === null) describe(name, tests);
  else describe.skip(`${name} (${reason})`, tests);
}
