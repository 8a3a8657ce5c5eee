import { type Attack, bash, node, python } from './attack.ts';

const ownTree = 'the file tree holds /usr, the inputs and nothing else of the host';
const readOnly = 'everything but /tmp is mounted read-only';
const coveredInit = '/proc/1 is covered';

/** Paths that must not be there, or must be empty of what they hold on a host. */
const hostPaths = [
  '/etc/passwd',
  '/etc/shadow',
  '/root',
  '/home',
  '/var',
  '/run',
  '/sys/kernel',
  '/boot',
  '/proc/1/environ',
  '/proc/1/root/etc',
  '/proc/1/cwd',
  '/proc/1/mem',
  '/proc/1/maps',
  '/proc/1/fd/5',
  '/dev/mem',
  '/dev/kmsg',
  '/dev/vda',
  '/dev/sda',
  '/dev/fuse',
  '/dev/kvm',
  '/dev/net/tun',
  '/dev/vsock',
  '/dev/loop-control',
  '/var/run/docker.sock',
  '/run/containerd',
];

/** Kernel files that exist and must not open for writing. */
const controls = [
  '/proc/sysrq-trigger',
  '/proc/sys/kernel/core_pattern',
  '/proc/sys/kernel/modprobe',
  '/proc/sys/kernel/hostname',
  '/proc/sys/vm/drop_caches',
  '/proc/sys/vm/overcommit_memory',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/user/max_user_namespaces',
  '/proc/sys/fs/binfmt_misc/register',
  '/proc/irq/default_smp_affinity',
  '/proc/kcore',
  '/proc/kmsg',
];

const unwritable = ['/', '/usr', '/usr/bin', '/usr/lib', '/dev', '/dev/pts', '/proc', '/input', '/runtime'];

export const fileAttacks: readonly Attack[] = [
  ...[
    python(
      { area: 'files', name: 'a file of the host', heldBy: ownTree, worksOutside: true },
      ({ file }) => `attempt(lambda: open('${file}').read())`,
    ),
    node(
      { area: 'files', name: 'a file of the host', heldBy: ownTree, worksOutside: true },
      ({ file }) => `attempt(() => fs.readFileSync('${file}', 'utf8'));`,
    ),
    bash(
      { area: 'files', name: 'a file of the host', heldBy: ownTree, worksOutside: true },
      ({ file }) => `{ text=$(<'${file}'); } 2>/dev/null && escaped "$text"; held missing`,
    ),
  ],
  python(
    { area: 'files', name: 'well-known places of the host', heldBy: ownTree },
    `
seen = []
for path in ${JSON.stringify(hostPaths)}:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(1)
        seen.append(path)
    except OSError:
        pass
escaped(seen) if seen else held('none')`,
  ),
  python(
    {
      area: 'files',
      name: 'controls of the kernel',
      heldBy: 'they belong to a user who is not in the namespace',
    },
    `
opened = []
for path in ${JSON.stringify(controls)}:
    try:
        os.close(os.open(path, os.O_WRONLY)); opened.append(path)
    except OSError:
        pass
escaped(opened) if opened else held('none')`,
  ),
  python(
    { area: 'files', name: 'memory of the kernel', heldBy: 'no capability' },
    "attempt(lambda: open('/proc/kcore', 'rb').read(64))",
  ),
  ...[
    python(
      { area: 'files', name: 'writing outside /tmp', heldBy: readOnly },
      `
wrote = []
for path in ${JSON.stringify(unwritable)}:
    try:
        open(path + '/x', 'w').close(); wrote.append(path)
    except OSError:
        pass
escaped(wrote) if wrote else held('none')`,
    ),
    node(
      { area: 'files', name: 'writing outside /tmp', heldBy: readOnly },
      `
const wrote = ${JSON.stringify(unwritable)}.filter((path) => {
  try { fs.writeFileSync(path + '/x', ''); return true; } catch { return false; }
});
wrote.length > 0 ? escaped(wrote) : held('none');`,
    ),
    bash(
      { area: 'files', name: 'writing outside /tmp', heldBy: readOnly },
      `
for path in ${unwritable.join(' ')}; do { : >"$path/x"; } 2>/dev/null && escaped "$path"; done; held none`,
    ),
  ],
  python(
    { area: 'files', name: 'a directory that all may write to', heldBy: ownTree, worksOutside: true },
    ({ directory }) => `attempt(lambda: open('${directory}/by-python', 'w').write('x'))`,
  ),
  node(
    { area: 'files', name: 'a directory that all may write to', heldBy: ownTree, worksOutside: true },
    ({ directory }) => `attempt(() => fs.writeFileSync('${directory}/by-node', 'x'));`,
  ),
  bash(
    { area: 'files', name: 'a directory that all may write to', heldBy: ownTree, worksOutside: true },
    ({ directory }) => `{ : >'${directory}/by-bash'; } 2>/dev/null && escaped wrote; held refused`,
  ),
  bash(
    { area: 'files', name: 'changing the deliverable', heldBy: readOnly },
    `
cp /input/result.json /tmp/mine
{ echo '{}' >/input/result.json; } 2>/dev/null && escaped wrote
{ rm -f /input/result.json || mv /tmp/mine /input/result.json || chmod 777 /input /input/result.json; } 2>/dev/null &&
  escaped changed
held refused`,
  ),
  python(
    { area: 'files', name: 'reopening the deliverable for writing', heldBy: readOnly },
    `
fd = os.open('/input/result.json', os.O_RDONLY)
attempt(lambda: os.open('/proc/self/fd/%d' % fd, os.O_RDWR))`,
  ),
  python(
    { area: 'files', name: 'a hard link to the deliverable', heldBy: 'no link crosses mounts' },
    "attempt(lambda: os.link('/input/result.json', '/tmp/link'))",
  ),
  ...[
    python(
      { area: 'files', name: 'a symbolic link to a host file', heldBy: ownTree, worksOutside: true },
      ({ file }) => `
import tempfile
link = tempfile.mktemp()
os.symlink('${file}', link)
attempt(lambda: open(link).read())`,
    ),
    node(
      { area: 'files', name: 'a symbolic link to a host file', heldBy: ownTree, worksOutside: true },
      ({ file }) => `
const link = fs.mkdtempSync('/tmp/x') + '/link';
fs.symlinkSync('${file}', link);
attempt(() => fs.readFileSync(link, 'utf8'));`,
    ),
  ],
  bash(
    { area: 'files', name: '/dev/fd and dot-dot', heldBy: 'a namespace has nothing above its root' },
    `
for path in /dev/fd/../../../etc/passwd /proc/self/root/../../etc/passwd /proc/self/cwd/../../etc/passwd \\
  /dev/fd/0/../etc/passwd /proc/self/fd/1/../../etc/passwd /proc/thread-self/root/etc/passwd; do
  [ -e "$path" ] && escaped "$path"
done
held 'nothing above'`,
  ),
  bash(
    {
      area: 'files',
      name: 'descriptors left open',
      heldBy: 'strays are closed at boot and 5 is kept from the script',
    },
    `
for fd in /proc/self/fd/*; do
  case \${fd##*/} in 0 | 1 | 2 | 3 | 63 | 255) ;; *) [ -e "$fd" ] && escaped "$fd" ;; esac
done
held 'none but the standard three'`,
  ),
  python(
    {
      area: 'files',
      name: 'descriptors left open',
      heldBy: 'strays are closed at boot and 5 is kept from the script',
    },
    `
def is_open(fd):
    try:
        os.fstat(fd); return True
    except OSError:
        return False
extra = [fd for fd in range(3, 4096) if is_open(fd)]
escaped(extra) if extra else held('none')`,
  ),
  python(
    { area: 'files', name: 'standard input', heldBy: 'it is /dev/null by the time a script runs' },
    "same = os.stat('/dev/null').st_rdev == os.fstat(0).st_rdev\nheld('null') if same else escaped(os.fstat(0))",
  ),
  bash(
    { area: 'files', name: 'the environment of the runner', heldBy: 'the environment is cleared' },
    `
while read -r name; do
  case $name in PATH | HOME | LANG | LC_ALL | TZ | PYTHON* | PWD | OLDPWD | SHLVL | _) ;; *) escaped "$name" ;; esac
done < <(compgen -e)
held cleared`,
  ),
  node(
    { area: 'files', name: 'the environment of the runner', heldBy: 'the environment is cleared' },
    `
const extra = Object.keys(process.env).filter((name) => !['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'PYTHONHASHSEED', 'PWD', 'SHLVL', '_'].includes(name));
extra.length > 0 ? escaped(extra) : held('cleared');`,
  ),
  python(
    { area: 'files', name: 'the first process', heldBy: coveredInit },
    "held('covered') if os.listdir('/proc/1') == [] else escaped(os.listdir('/proc/1'))",
  ),
  python(
    { area: 'files', name: "the first process's memory by its threads", heldBy: coveredInit },
    "attempt(lambda: open('/proc/1/task/1/mem', 'r+b'))",
  ),
  python(
    { area: 'files', name: 'the first process under the name of its parent', heldBy: coveredInit },
    "attempt(lambda: open('/proc/%d/environ' % os.getppid(), 'rb').read())",
  ),
  bash(
    { area: 'files', name: 'a terminal', heldBy: 'a session of its own without one' },
    '{ exec 9<>/dev/tty; } 2>/dev/null && escaped "opened a terminal"; held none',
  ),
  bash(
    {
      area: 'files',
      name: 'control sequences in the output',
      heldBy: 'output is data: nothing shows it on a terminal',
    },
    "printf '\\033]0;title\\007\\033[2J\\033P+q\\033\\\\'; held 'kept as text'",
  ),
  python(
    { area: 'files', name: 'core dumps', heldBy: 'RLIMIT_CORE is 0 and cannot be raised' },
    'import resource\nattempt(lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)))',
  ),
  python(
    { area: 'files', name: 'the control groups', heldBy: ownTree },
    "attempt(lambda: open('/sys/fs/cgroup/cgroup.procs').read())",
  ),
];
