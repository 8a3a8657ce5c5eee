import { syscallNumber } from '../../src/sandbox/seccomp/syscalls.ts';
import { type Attack, attacksOn } from './attack.ts';

const filter = 'the system call filter';

/** System calls with arguments with which they would do something, as Python writes them. */
const calls: readonly (readonly [name: string, args: string, worksOutside?: true])[] = [
  ['add_key', "b'user', b'x', b'y', 1, -3", true],
  ['request_key', "b'user', b'x', None, 0"],
  ['keyctl', '0, -3, 1, 0, 0', true],
  ['bpf', '0, ctypes.create_string_buffer(128), 128'],
  ['perf_event_open', 'ctypes.create_string_buffer(128), 0, -1, -1, 0'],
  ['io_uring_setup', '8, ctypes.create_string_buffer(120)'],
  ['io_setup', '1024, ctypes.byref(ctypes.c_ulong(0))', true],
  ['userfaultfd', '1', true],
  ['memfd_create', "b'x', 0", true],
  ['memfd_secret', '0'],
  ['shmget', '0, 1 << 20, 0o1600'],
  ['msgget', '0, 0o1600'],
  ['semget', '0, 1, 0o1600'],
  ['mq_open', "b'x', 0o102, 0o600, None"],
  ['ptrace', '0, 0, 0, 0', true],
  ['ptrace', '16, 1, 0, 0'],
  ['ptrace', '0x4206, 1, 0, 0'],
  ['process_vm_readv', 'os.getpid(), None, 0, None, 0, 0', true],
  ['process_vm_writev', 'os.getpid(), None, 0, None, 0, 0', true],
  ['process_madvise', '-1, None, 0, 0, 0'],
  ['process_mrelease', '-1, 0'],
  ['kcmp', 'os.getpid(), os.getpid(), 0, 1, 1'],
  ['pidfd_getfd', `call(${syscallNumber('pidfd_open')}, os.getpid(), 0), 1, 0`, true],
  ['mount', "b'none', b'/tmp', b'tmpfs', 0, None"],
  ['mount', "None, b'/usr', None, 0x1020, None"],
  ['umount2', "b'/proc/1', 2"],
  ['pivot_root', "b'/tmp', b'/tmp'"],
  ['chroot', "b'/tmp'"],
  ['move_mount', "-100, b'/usr', -100, b'/tmp', 0"],
  ['open_tree', "-100, b'/usr', 0"],
  ['fsopen', "b'tmpfs', 0"],
  ['fspick', "-100, b'/tmp', 0"],
  ['mount_setattr', "-100, b'/', 0, ctypes.create_string_buffer(32), 32"],
  ['statmount', 'None, None, 0, 0'],
  ['unshare', '0x10000000', true],
  ['unshare', '0x10020000'],
  ['unshare', '0x40000000'],
  ['unshare', '0x20000000'],
  ['setns', "os.open('/proc/self/ns/user', 0), 0"],
  ['clone', '0x10000011, 0, 0, 0, 0'],
  ['clone', '0x30000011, 0, 0, 0, 0'],
  ['clone3', 'ctypes.create_string_buffer(88), 88'],
  ['kexec_load', '0, 0, None, 0'],
  ['kexec_file_load', "-1, -1, 0, b'', 0"],
  ['init_module', "b'x', 1, b''"],
  ['finit_module', "0, b'', 0"],
  ['delete_module', "b'x', 0"],
  ['name_to_handle_at', "-100, b'/usr', ctypes.create_string_buffer(136), ctypes.byref(ctypes.c_int()), 0"],
  ['open_by_handle_at', '3, ctypes.create_string_buffer(136), 0'],
  ['swapon', "b'/tmp/x', 0"],
  ['reboot', '0xfee1dead, 0x28121969, 0, None'],
  ['syslog', '10, None, 0'],
  ['acct', "b'/tmp/x'"],
  ['quotactl', '0x80000100, None, 0, None'],
  ['settimeofday', 'ctypes.create_string_buffer(16), None'],
  ['clock_settime', '0, ctypes.create_string_buffer(16)'],
  ['adjtimex', 'ctypes.create_string_buffer(208)', true],
  ['sethostname', "b'x', 1"],
  ['setdomainname', "b'x', 1"],
  ['iopl', '3'],
  ['ioperm', '0, 1, 1'],
  ['modify_ldt', '0, ctypes.create_string_buffer(64), 64', true],
  ['personality', '0x0040000', true],
  ['vmsplice', '1, None, 0, 0', true],
  ['fanotify_init', '0x200, 0'],
  ['inotify_init1', '0', true],
  ['seccomp', '2, 0, ctypes.byref(ctypes.c_uint(0x7fff0000))', true],
  ['prctl', '4, 0, 0, 0, 0', true],
  ['prctl', '22, 1, 0, 0, 0'],
  ['landlock_create_ruleset', 'None, 0, 1'],
  ['lookup_dcookie', '0, None, 0'],
  ['mbind', 'None, 0, 0, None, 0, 0', true],
  ['migrate_pages', 'os.getpid(), 1, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8)'],
  ['remap_file_pages', 'None, 4096, 0, 0, 0'],
  ['uselib', "b'/tmp/x'"],
  ['sync', '', true],
  [
    'capset',
    'ctypes.byref((ctypes.c_uint * 2)(0x20080522, 0)), ctypes.byref((ctypes.c_uint * 6)(*[0xffffffff] * 6))',
  ],
  ['setuid', '0'],
  ['setgroups', '1, ctypes.byref(ctypes.c_uint(0))'],
  ['mlockall', '1'],
  ['socket', '40, 1, 0'],
  ['socket', '16, 3, 0', true],
  ['socket', '17, 3, 0'],
  ['socket', '38, 5, 0'],
  ['socket', '44, 3, 0'],
  ['socket', '2, 3, 1'],
  ['fcntl', 'os.pipe()[1], 1031, 1 << 20', true],
  ['ioctl', "0, 0x5412, b'x'"],
  ['ioctl', '0, 0x541c, b"\\x03"'],
  ['fchmodat', "-100, b'/input/result.json', 0o777"],
  ['sched_setscheduler', '0, 1, ctypes.byref(ctypes.c_int(50))'],
  ['setpriority', '0, 0, -20'],
];

const describe = (name: string, args: string) => `${name}(${args.slice(0, 40)})`;

const native = (bytes: string) => `
import mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex('${bytes}'))
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
escaped(ctypes.CFUNCTYPE(ctypes.c_long)(address)())
`;

const attack = attacksOn('kernel');

/** Attacks on the kernel's less travelled roads. The runtime does not matter to the kernel, so one does. */
export const kernelAttacks: readonly Attack[] = [
  ...calls.flatMap(([name, args, worksOutside]) =>
    attack(
      describe(name, args),
      { heldBy: filter, ...(worksOutside === true ? { worksOutside } : {}) },
      { python: `refused(${[syscallNumber(name), args].filter((part) => part !== '').join(', ')})` },
    ),
  ),
  ...attack('a system call newer than the filter', filter, { python: `refused(${1000})` }),
  ...attack(
    'the x32 table of system calls',
    { heldBy: filter, endsAs: ['forbidden'] },
    { python: 'refused(0x40000000 + 39)' },
  ),
  ...attack(
    'the x32 twin of ptrace',
    { heldBy: filter, endsAs: ['forbidden'] },
    { python: 'refused(0x40000000 + 521, 0, 0, 0, 0)' },
  ),
  ...attack(
    'a 32-bit system call by int 0x80',
    { heldBy: filter, endsAs: ['forbidden', 'killed'] },
    { python: native('b814000000cd80c3') },
  ),
  ...attack('a set-user-id copy of a shell', 'no_new_privs and nosuid', {
    python: `
import shutil
shutil.copy('/usr/bin/dash', '/tmp/sh'); os.chmod('/tmp/sh', 0o6755)
import subprocess
who = subprocess.run(['/tmp/sh', '-c', 'id -u'], capture_output=True, text=True).stdout.strip()
escaped(who) if who == '0' else held(who)`,
  }),
  ...attack('a device node of a disk', 'the user namespace and nodev', {
    python:
      "attempt(lambda: os.mknod('/tmp/disk', 0o60666, os.makedev(254, 0)) or open('/tmp/disk', 'rb').read(1))",
  }),
];
