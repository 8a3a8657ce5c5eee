import { type Attack, attacksOn } from './attack.ts';

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

const ownTreeOutside = { heldBy: ownTree, worksOutside: true } as const;
const attack = attacksOn('files');

export const fileAttacks: readonly Attack[] = [
  ...attack('a file of the host', ownTreeOutside, {
    python: ({ file }) => `attempt(lambda: open('${file}').read())`,
    node: ({ file }) => `attempt(() => fs.readFileSync('${file}', 'utf8'));`,
    bash: ({ file }) => `{ text=$(<'${file}'); } 2>/dev/null && escaped "$text"; held missing`,
  }),
  ...attack('well-known places of the host', ownTree, {
    python: `
seen = []
for path in ${JSON.stringify(hostPaths)}:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(1)
        seen.append(path)
    except OSError:
        pass
escaped(seen) if seen else held('none')`,
  }),
  ...attack('controls of the kernel', 'they belong to a user who is not in the namespace', {
    python: `
opened = []
for path in ${JSON.stringify(controls)}:
    try:
        os.close(os.open(path, os.O_WRONLY)); opened.append(path)
    except OSError:
        pass
escaped(opened) if opened else held('none')`,
  }),
  ...attack('memory of the kernel', 'no capability', {
    python: "attempt(lambda: open('/proc/kcore', 'rb').read(64))",
  }),
  ...attack('writing outside /tmp', readOnly, {
    python: `
wrote = []
for path in ${JSON.stringify(unwritable)}:
    try:
        open(path + '/x', 'w').close(); wrote.append(path)
    except OSError:
        pass
escaped(wrote) if wrote else held('none')`,
    node: `
const wrote = ${JSON.stringify(unwritable)}.filter((path) => {
  try { fs.writeFileSync(path + '/x', ''); return true; } catch { return false; }
});
wrote.length > 0 ? escaped(wrote) : held('none');`,
    bash: `
for path in ${unwritable.join(' ')}; do { : >"$path/x"; } 2>/dev/null && escaped "$path"; done; held none`,
  }),
  ...attack('a directory that all may write to', ownTreeOutside, {
    python: ({ directory }) => `attempt(lambda: open('${directory}/by-python', 'w').write('x'))`,
    node: ({ directory }) => `attempt(() => fs.writeFileSync('${directory}/by-node', 'x'));`,
    bash: ({ directory }) => `{ : >'${directory}/by-bash'; } 2>/dev/null && escaped wrote; held refused`,
  }),
  ...attack('changing the deliverable', readOnly, {
    bash: `
cp /input/result.json /tmp/mine
{ echo '{}' >/input/result.json; } 2>/dev/null && escaped wrote
{ rm -f /input/result.json || mv /tmp/mine /input/result.json || chmod 777 /input /input/result.json; } 2>/dev/null &&
  escaped changed
held refused`,
  }),
  ...attack('reopening the deliverable for writing', readOnly, {
    python: `
fd = os.open('/input/result.json', os.O_RDONLY)
attempt(lambda: os.open('/proc/self/fd/%d' % fd, os.O_RDWR))`,
  }),
  ...attack('a hard link to the deliverable', 'no link crosses mounts', {
    python: "attempt(lambda: os.link('/input/result.json', '/tmp/link'))",
  }),
  ...attack('a symbolic link to a host file', ownTreeOutside, {
    python: ({ file }) => `
import tempfile
link = tempfile.mktemp()
os.symlink('${file}', link)
attempt(lambda: open(link).read())`,
    node: ({ file }) => `
const link = fs.mkdtempSync('/tmp/x') + '/link';
fs.symlinkSync('${file}', link);
attempt(() => fs.readFileSync(link, 'utf8'));`,
  }),
  ...attack('/dev/fd and dot-dot', 'a namespace has nothing above its root', {
    bash: `
for path in /dev/fd/../../../etc/passwd /proc/self/root/../../etc/passwd /proc/self/cwd/../../etc/passwd \\
  /dev/fd/0/../etc/passwd /proc/self/fd/1/../../etc/passwd /proc/thread-self/root/etc/passwd; do
  [ -e "$path" ] && escaped "$path"
done
held 'nothing above'`,
  }),
  ...attack('descriptors left open', 'strays are closed at boot and 5 is kept from the script', {
    bash: `
for fd in /proc/self/fd/*; do
  case \${fd##*/} in 0 | 1 | 2 | 3 | 63 | 255) ;; *) [ -e "$fd" ] && escaped "$fd" ;; esac
done
held 'none but the standard three'`,
    python: `
def is_open(fd):
    try:
        os.fstat(fd); return True
    except OSError:
        return False
extra = [fd for fd in range(3, 4096) if is_open(fd)]
escaped(extra) if extra else held('none')`,
  }),
  ...attack('standard input', 'it is /dev/null by the time a script runs', {
    python:
      "same = os.stat('/dev/null').st_rdev == os.fstat(0).st_rdev\nheld('null') if same else escaped(os.fstat(0))",
  }),
  ...attack('the environment of the runner', 'the environment is cleared', {
    bash: `
while read -r name; do
  case $name in PATH | HOME | LANG | LC_ALL | TZ | PYTHON* | PWD | OLDPWD | SHLVL | _) ;; *) escaped "$name" ;; esac
done < <(compgen -e)
held cleared`,
    node: `
const extra = Object.keys(process.env).filter((name) => !['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'PYTHONHASHSEED', 'PWD', 'SHLVL', '_'].includes(name));
extra.length > 0 ? escaped(extra) : held('cleared');`,
  }),
  ...attack('the first process', coveredInit, {
    python: "held('covered') if os.listdir('/proc/1') == [] else escaped(os.listdir('/proc/1'))",
  }),
  ...attack("the first process's memory by its threads", coveredInit, {
    python: "attempt(lambda: open('/proc/1/task/1/mem', 'r+b'))",
  }),
  ...attack('the first process under the name of its parent', coveredInit, {
    python: "attempt(lambda: open('/proc/%d/environ' % os.getppid(), 'rb').read())",
  }),
  ...attack('a terminal', 'a session of its own without one', {
    bash: '{ exec 9<>/dev/tty; } 2>/dev/null && escaped "opened a terminal"; held none',
  }),
  ...attack('control sequences in the output', 'output is data: nothing shows it on a terminal', {
    bash: "printf '\\033]0;title\\007\\033[2J\\033P+q\\033\\\\'; held 'kept as text'",
  }),
  ...attack('core dumps', 'RLIMIT_CORE is 0 and cannot be raised', {
    python: 'import resource\nattempt(lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)))',
  }),
  ...attack('the control groups', ownTree, {
    python: "attempt(lambda: open('/sys/fs/cgroup/cgroup.procs').read())",
  }),
];
