import { type Attack, attacksOn } from './attack.ts';
import { receiver } from './channels.ts';

const masked = 'the files of /proc that tell of the host are covered';
const notShared = 'seccomp: what a shared file would carry is refused or not done';
const machine = 'seccomp: what tells of the machine is refused';

const attack = attacksOn('channels');

/** Ways from one sandbox to another, and what would tell one machine from another. */
export const channelAttacks: readonly Attack[] = [
  ...attack('counters of the kernel', masked, { python: receiver }),
  ...attack('its own processes in the counters of the kernel', masked, {
    python: `
def look(): return [open('/proc/' + name).read() for name in ('stat', 'loadavg', 'vmstat', 'meminfo', 'uptime', 'interrupts')]
before = look()
for _ in range(30):
    if os.fork() == 0: os._exit(0)
    os.wait()
held('the same') if look() == before else escaped('counted')`,
  }),
  ...attack('what identifies the host', masked, {
    bash: `
for path in /proc/sys/kernel/random/boot_id /proc/sys/kernel/osrelease /proc/sys/kernel/ns_last_pid \\
  /proc/sys/fs/file-nr /proc/sys/fs/inode-nr /proc/sys/fs/dentry-state; do [ -e $path ] && escaped $path; done
for path in /proc/cmdline /proc/locks /proc/diskstats /proc/partitions /proc/key-users /proc/swaps; do
  [ -s $path ] && [ -n "$(cat $path)" ] && escaped $path
done
held covered`,
  }),
  ...attack('a lock on a file of /usr', notShared, {
    python: `
import fcntl
def take(): fcntl.flock(os.open('/usr/bin/env', os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
take()
try:
    take()
except OSError:
    escaped('the second open saw the lock of the first')
held('not seen')`,
  }),
  ...attack('a lock on a device', notShared, {
    python: `
import fcntl
null = os.open('/dev/null', os.O_RDWR)
fcntl.lockf(null, fcntl.LOCK_EX)
if os.fork() == 0:
    try:
        fcntl.lockf(null, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os._exit(1)
    os._exit(0)
held('not seen') if os.wait()[1] == 0 else escaped('a child saw the lock of its parent')`,
  }),
  ...[
    ['asking who holds a lock', 'F_GETLK', 'fcntl.fcntl(fd, fcntl.F_GETLK, bytes(32))'],
    ['hearing of reads in a directory', 'F_NOTIFY', "fcntl.fcntl(os.open('/usr/bin', os.O_RDONLY), 1026, 1)"],
    ['a write hint on a file', 'F_SET_RW_HINT', 'fcntl.fcntl(fd, 1036, (2).to_bytes(8, "little"))'],
  ].flatMap(([name = '', , action = '']) =>
    attack(name, notShared, {
      python: `import fcntl\nfd = os.open('/usr/bin/env', os.O_RDONLY)\nattempt(lambda: ${action})`,
    }),
  ),
  ...[
    ['free memory and load', '99, ctypes.create_string_buffer(256)'],
    ['free space of the disk', "137, b'/usr', ctypes.create_string_buffer(256)"],
    ['pages in memory', '27, 0, 4096, ctypes.create_string_buffer(16)'],
    ['pages in the cache', '451, 0, ctypes.create_string_buffer(16), ctypes.create_string_buffer(64), 0'],
  ].flatMap(([name = '', call = '']) => attack(name, machine, { python: `refused(${call})` })),
  ...attack('the number of processors', 'it is bound to one', {
    python: `
several = [os.cpu_count(), len(os.sched_getaffinity(0)), open('/proc/cpuinfo').read().count('processor')]
held('one') if several == [1, 1, 1] else escaped(several)`,
    node: `
const several = [os.cpus().length, os.availableParallelism()];
several.join() === '1,1' ? held('one') : escaped(several);`,
    bash: '[ "$(nproc)" = 1 ] && held one; escaped "$(nproc)"',
  }),
  ...attack('chance in hashes, locale and time zone', 'the environment is the same everywhere', {
    python: `
import time
same = [hash('a'), os.environ['LC_ALL'], time.tzname]
expected = int(os.popen('PYTHONHASHSEED=0 python3 -c "print(hash(chr(97)))"').read())
held('fixed') if same == [expected, 'C.UTF-8', ('UTC', 'UTC')] else escaped(same)`,
  }),
];
