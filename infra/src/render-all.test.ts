import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { renderAll } from './render-all.ts';
import { SANDBOX_CALLS, seccompProfile } from './seccomp.ts';
import { SECRET_NAMES } from './secrets.ts';
import { cloudRunJob, cloudRunService } from './testing/cloud-run-schema.ts';
import { problemsOf } from './testing/repository.ts';

const byName = (a = '', b = ''): number => a.localeCompare(b);
const files = [...renderAll()];

test.each(files.filter(([path]) => path.endsWith('.yaml')))('Cloud Run would take %s', (path, text) => {
  expect(
    problemsOf(/(migrations|reseal-secrets)\.yaml$/.test(path) ? cloudRunJob : cloudRunService, parse(text)),
  ).toEqual([]);
});

test.each(files.filter(([path]) => path.endsWith('.sh')))('%s is a shell script', (_path, text) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('secrets', () => {
  const named = files.flatMap(([, text]) => [
    ...[...text.matchAll(/secretKeyRef:\s+name: "(\S+)"/g)].map(([, name]) => name),
    ...[...text.matchAll(/^may_read \S+ (\S+)$/gm)].map(([, name]) => name),
  ]);

  test('the secrets are those that a manifest or a right names', () => {
    expect([...new Set(named)].sort(byName)).toEqual([...SECRET_NAMES].sort(byName));
  });

  test('secrets are named in rendered files and never contained', () => {
    for (const [, text] of files) expect(text).not.toMatch(/password:|redis:\/\/|BEGIN [A-Z ]*PRIVATE KEY/);
  });
});

describe("the test-runner's system calls in Docker", () => {
  const { defaultAction, syscalls } = seccompProfile();
  const allowed = syscalls.flatMap(({ names }) => names);

  test('secrets are those of the list, and no others', () => {
    expect(defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(syscalls.every(({ action }) => action === 'SCMP_ACT_ALLOW')).toBe(true);
  });

  test('secrets let bubblewrap build its sandbox', () => {
    expect(allowed).toEqual(expect.arrayContaining([...SANDBOX_CALLS]));
  });

  test('secrets leave out what reaches the kernel or the host', () => {
    const denied = [
      'bpf',
      'perf_event_open',
      'init_module',
      'finit_module',
      'kexec_load',
      'add_key',
      'keyctl',
      'request_key',
    ];
    const more = [
      'reboot',
      'swapon',
      'settimeofday',
      'clock_settime',
      'iopl',
      'ioperm',
      'userfaultfd',
      'io_uring_setup',
      'open_by_handle_at',
    ];
    const mounts = ['fsopen', 'fsmount', 'move_mount', 'open_tree', 'mount_setattr'];
    expect([...denied, ...more, ...mounts].filter((name) => allowed.includes(name))).toEqual([]);
  });
});
