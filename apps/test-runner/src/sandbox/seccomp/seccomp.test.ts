import { describe, expect, test } from '@jest/globals';
import { interpret } from '../../../test/sandbox/bpf-interpreter.ts';
import { actions, auditArch, buildFilter, seccompFilter, x32Bit } from './seccomp.ts';
import { absentSyscalls, allowedSyscalls, argumentRules, pretendedSyscalls } from './syscall-policy.ts';
import { lastSyscall, syscallNumber, syscallNumbers } from './syscalls.ts';

const filter = buildFilter('x64');
const decide = (number: number, ...args: bigint[]) => interpret(filter, { number, arch: auditArch, args });
const decideNamed = (name: string, ...args: bigint[]) => decide(syscallNumber(name), ...args);

describe('the table of system calls', () => {
  test('the table of system calls has the numbers that the kernel gives them', () => {
    const known = {
      read: 0,
      ptrace: 101,
      seccomp: 317,
      bpf: 321,
      rseq: 334,
      io_uring_setup: 425,
      clone3: 435,
    };
    for (const [name, number] of Object.entries(known)) {
      expect(syscallNumber(name)).toBe(number);
    }
    expect(syscallNumbers.size).toBe(335 + (lastSyscall - 423));
  });

  test('the table of system calls refuses a name that it does not know', () => {
    expect(() => syscallNumber('frobnicate')).toThrow('unknown system call');
  });
});

describe('the filter', () => {
  test('kills a call of another architecture, whatever its number', () => {
    for (const arch of [0x40000003, 0xc00000b7, 0]) {
      expect(interpret(filter, { number: 1, arch })).toBe(actions.killProcess);
    }
  });

  test('kills calls of the x32 table and negative numbers', () => {
    expect(decide(x32Bit | 1)).toBe(actions.killProcess);
    expect(decide(x32Bit | 520)).toBe(actions.killProcess);
    expect(decide(-1)).toBe(actions.killProcess);
  });

  test('the filter says that calls newer than its table do not exist', () => {
    for (const number of [lastSyscall + 1, 700, 4095, x32Bit - 1]) {
      expect(decide(number)).toBe(actions.noSuchCall);
    }
    expect(decide(335)).toBe(actions.noSuchCall);
    expect(decide(423)).toBe(actions.noSuchCall);
  });

  test('the filter says that clone3 does not exist, so that clone is used, whose flags it can read', () => {
    expect(decideNamed('clone3')).toBe(actions.noSuchCall);
  });

  test('the filter decides every known call as the policy does', () => {
    for (const [name, number] of syscallNumbers) {
      if (argumentRules.has(number) || absentSyscalls.has(number) || pretendedSyscalls.has(number)) {
        continue;
      }
      const expected = allowedSyscalls.has(number) ? actions.allow : actions.notPermitted;
      expect([name, decide(number)]).toEqual([name, expected]);
    }
  });

  test('pretends to lock, since a lock on a shared file would be seen by other sandboxes', () => {
    expect(decideNamed('flock', 3n, 2n)).toBe(actions.pretend);
    for (const command of [6n, 7n, 37n, 38n]) {
      expect(decideNamed('fcntl', 3n, command)).toBe(actions.pretend);
    }
    for (const command of [5n, 36n, 1024n, 1026n, 1036n]) {
      expect(decideNamed('fcntl', 3n, command)).toBe(actions.notPermitted);
    }
    expect(decideNamed('fcntl', 3n, 1n)).toBe(actions.allow);
  });

  test('the filter refuses calls that tell what the rest of the machine does', () => {
    for (const name of ['sysinfo', 'statfs', 'fstatfs', 'mincore', 'cachestat', 'sched_setaffinity']) {
      expect([name, decideNamed(name)]).toEqual([name, actions.notPermitted]);
    }
    expect(decideNamed('preadv2', 3n, 0n, 1n, 0n, 0n, 8n)).toBe(actions.notPermitted);
    expect(decideNamed('preadv2', 3n, 0n, 1n, 0n, 0n, 0n)).toBe(actions.allow);
  });

  test('the filter refuses each call that has broken a sandbox before', () => {
    const dangerous = `setsockopt add_key keyctl request_key userfaultfd memfd_create memfd_secret shmget shmat
      shmctl msgget semget mq_open ptrace process_vm_readv process_vm_writev process_madvise io_uring_setup
      io_uring_enter io_uring_register io_setup bpf perf_event_open mount umount2 pivot_root chroot move_mount
      open_tree open_tree_attr fsopen fsmount mount_setattr unshare setns kexec_load kexec_file_load init_module
      finit_module delete_module open_by_handle_at name_to_handle_at modify_ldt kcmp pidfd_getfd iopl ioperm
      swapon reboot syslog acct quotactl settimeofday clock_settime adjtimex vmsplice fanotify_init
      inotify_init1 seccomp migrate_pages move_pages mbind remap_file_pages uselib lookup_dcookie sync
      sethostname statmount listmount lsm_set_self_attr`;
    for (const name of dangerous.split(/\s+/)) {
      const someAreAllowed = argumentRules.has(syscallNumber(name));
      expect([name, someAreAllowed, decideNamed(name)]).toEqual([name, false, actions.notPermitted]);
    }
  });

  test('the filter lets sockets be of the local kind only', () => {
    expect(decideNamed('socket', 1n)).toBe(actions.allow);
    for (const family of [0n, 2n, 10n, 16n, 17n, 38n, 40n, 0xffffffffn]) {
      expect(decideNamed('socket', family)).toBe(actions.notPermitted);
      expect(decideNamed('socketpair', family)).toBe(actions.notPermitted);
    }
  });

  test('the filter lets clone make threads and processes but no namespace', () => {
    expect(decideNamed('clone', 0x3d0f00n)).toBe(actions.allow);
    expect(decideNamed('clone', 0x01200011n)).toBe(actions.allow);
    for (const bit of [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n]) {
      expect(decideNamed('clone', bit | 17n)).toBe(actions.notPermitted);
    }
  });

  test('the filter refuses to type into a terminal and to enlarge pipes, and lets other controls be', () => {
    expect(decideNamed('ioctl', 0n, 0x5412n)).toBe(actions.notPermitted);
    // The kernel looks at 32 bits of the command, so garbage above them must change nothing.
    expect(decideNamed('ioctl', 0n, 0xdead00005412n)).toBe(actions.notPermitted);
    expect(decideNamed('ioctl', 0n, 0x541cn)).toBe(actions.notPermitted);
    expect(decideNamed('ioctl', 0n, 0x5401n)).toBe(actions.allow);
    expect(decideNamed('fcntl', 0n, 1031n)).toBe(actions.notPermitted);
    expect(decideNamed('fcntl', 0n, 2n)).toBe(actions.allow);
    expect(decideNamed('prctl', 4n)).toBe(actions.notPermitted);
    expect(decideNamed('prctl', 15n)).toBe(actions.allow);
    expect(decideNamed('personality', 0xffffffffn)).toBe(actions.allow);
    expect(decideNamed('personality', 0x0040000n)).toBe(actions.notPermitted);
  });

  test('the filter is records of eight bytes, well under the size that the kernel takes', () => {
    const bytes = seccompFilter('x64');
    expect(bytes.length).toBe(filter.length * 8);
    expect(filter.length).toBeLessThan(400);
    expect([...bytes.subarray(0, 8)]).toEqual([0x20, 0, 0, 0, 4, 0, 0, 0]);
  });

  test('the filter is refused on an architecture whose calls it does not know', () => {
    expect(() => seccompFilter('arm64')).toThrow('x86-64 only');
  });
});
