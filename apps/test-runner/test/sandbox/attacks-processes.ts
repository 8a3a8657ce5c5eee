import { type Attack, bash, node, python } from './attack.ts';

const ownIds = 'process ids are those of a namespace of its own';
const diesWithInit = 'with the first process the kernel ends all others';

export const processAttacks: readonly Attack[] = [
  python(
    { area: 'processes', name: 'processes of others', heldBy: ownIds, worksOutside: true },
    `
pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]
escaped(len(pids)) if len(pids) > 4 else held(len(pids))`,
  ),
  python(
    { area: 'processes', name: 'a signal to the runner', heldBy: ownIds, worksOutside: true },
    ({ runnerPid }) => `attempt(lambda: os.kill(${runnerPid}, 0))`,
  ),
  node(
    { area: 'processes', name: 'a signal to the runner', heldBy: ownIds, worksOutside: true },
    ({ runnerPid }) => `attempt(() => process.kill(${runnerPid}, 0));`,
  ),
  bash(
    { area: 'processes', name: 'a signal to the runner', heldBy: ownIds, worksOutside: true },
    ({ runnerPid }) => `kill -0 ${runnerPid} 2>/dev/null && escaped reached; held missing`,
  ),
  python(
    { area: 'processes', name: 'a pidfd of the runner', heldBy: ownIds, worksOutside: true },
    ({ runnerPid }) => `attempt(lambda: os.pidfd_open(${runnerPid}))`,
  ),
  bash(
    {
      area: 'processes',
      name: 'signals to the first process',
      heldBy: 'the kernel spares it all signals from inside',
    },
    `
for round in {1..20}; do for signal in {1..64}; do kill -$signal 1 2>/dev/null; done; done
sleep 0.05; held 'still here'`,
  ),
  python(
    { area: 'processes', name: 'signals to everybody', heldBy: ownIds },
    'attempt(lambda: os.kill(-1, 9))',
  ),
  bash(
    { area: 'processes', name: 'signals to its group', heldBy: ownIds, endsAs: ['killed'] },
    'kill -KILL 0; escaped "lived on"',
  ),
  ...[
    python(
      { area: 'processes', name: 'a daemon that outlives the test', heldBy: diesWithInit },
      `
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3): os.close(fd)
        import signal, time
        for number in range(1, 65):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        time.sleep(600)
    os._exit(0)
os.wait()
held('left one behind')`,
    ),
    node(
      { area: 'processes', name: 'a daemon that outlives the test', heldBy: diesWithInit },
      `
cp.spawn('/usr/bin/sleep', ['600'], { detached: true, stdio: 'ignore' }).on('spawn', () => held('left one behind')).unref();`,
    ),
    bash(
      { area: 'processes', name: 'a daemon that outlives the test', heldBy: diesWithInit },
      '(trap "" HUP TERM INT; setsid sleep 600 </dev/null >/dev/null 2>&1 &) ; held "left one behind"',
    ),
  ],
  bash(
    { area: 'processes', name: 'a daemon that keeps the output open', heldBy: diesWithInit },
    'setsid sleep 600 & disown; held "left one behind"',
  ),
  bash(
    { area: 'processes', name: 'many daemons at once', heldBy: diesWithInit },
    'for i in {1..30}; do setsid sleep 600 & done; disown -a; held "left them behind"',
  ),
  bash(
    { area: 'processes', name: 'a daemon that stops itself', heldBy: diesWithInit },
    "(setsid bash -c 'kill -STOP $$' &); sleep 0.05; held 'left one behind'",
  ),
  python(
    { area: 'processes', name: 'children of children of children', heldBy: diesWithInit },
    `
import time
for depth in range(20):
    if os.fork() > 0:
        if depth == 0:
            time.sleep(0.1); held('twenty deep')
        time.sleep(600)
time.sleep(600)`,
  ),
  python(
    { area: 'processes', name: 'freeing itself from the parent death signal', heldBy: diesWithInit },
    `
libc.prctl(1, 0, 0, 0, 0)
if os.fork() == 0:
    libc.prctl(1, 0, 0, 0, 0); os.setsid()
    import time
    time.sleep(600)
held('the first process has its own')`,
  ),
  python(
    { area: 'processes', name: 'becoming the reaper of its children', heldBy: diesWithInit },
    `
libc.prctl(36, 1, 0, 0, 0)
if os.fork() == 0:
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
held('it ends all the same')`,
  ),
  python(
    { area: 'processes', name: 'raising its own limits', heldBy: 'hard limits go down only' },
    `
import resource
for name in ('NPROC', 'NOFILE', 'FSIZE', 'CPU', 'MEMLOCK', 'MSGQUEUE', 'SIGPENDING'):
    kind = getattr(resource, 'RLIMIT_' + name, 11)
    try:
        resource.setrlimit(kind, (1 << 30, 1 << 30)); escaped(name)
    except (ValueError, OSError):
        pass
held('none')`,
  ),
  python(
    {
      area: 'processes',
      name: 'limits of the first process, so that it cannot report',
      heldBy: 'seccomp: of oneself alone',
    },
    `
import resource
for kind in range(16):
    try:
        resource.prlimit(1, kind, (0, 0)); escaped(str(kind))
    except PermissionError:
        pass
held('none')`,
  ),
  python(
    { area: 'processes', name: 'the schedule of the first process', heldBy: 'seccomp: of oneself alone' },
    `
for work in (
    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
    lambda: os.sched_setaffinity(1, {0}),
):
    try:
        work(); escaped('changed')
    except PermissionError:
        pass
try:
    os.sched_setaffinity(0, range(64)); escaped('more processors than one')
except PermissionError:
    pass
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.nice(1)
held('but its own')`,
  ),
  python(
    {
      area: 'processes',
      name: 'a flood of signals that hides what is left in /tmp',
      heldBy: 'the first process ends when it is told to',
      endsAs: ['disk'],
    },
    `
import time
for _ in range(2):
    if os.fork() == 0:
        while True:
            for signal in (1, 10, 12, 15):
                os.kill(1, signal)
time.sleep(0.005)
with open('/tmp/x', 'wb', buffering=0) as file:
    file.write(bytes(16 << 20) + bytes(65536))
os._exit(0)`,
  ),
  python(
    { area: 'processes', name: 'a real-time schedule', heldBy: 'no capability' },
    'attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))',
  ),
  bash(
    {
      area: 'processes',
      name: 'lying about its end',
      heldBy: 'only the first process reports, on a descriptor of its own',
    },
    `
for fd in 3 4 5 6 7 8 9; do { printf 'exit 0\\ndone\\n' >&$fd; } 2>/dev/null; done
{ printf 'exit 0\\ndone\\n' >/proc/1/fd/5; } 2>/dev/null
printf 'exit 0\\ndone\\n'
held 'and ends as it ends'`,
  ),
  bash(
    { area: 'processes', name: 'a bwrap of its own', heldBy: 'further user namespaces are disabled' },
    `
command -v bwrap >/dev/null || held 'no bwrap inside'
bwrap --unshare-all --ro-bind /usr /usr -- /usr/bin/true 2>/dev/null && escaped nested; held refused`,
  ),
  node(
    { area: 'interpreter', name: 'the debugger by signal', heldBy: 'Node runs without it' },
    `
process.on('exit', () => 0);
const before = process._getActiveHandles().length;
try { process.kill(process.pid, 'SIGUSR1'); } catch (error) { held(error.message); }
setTimeout(() => (require('node:inspector').url() ? escaped('listening') : held('silent')), 50);`,
  ),
  node(
    { area: 'interpreter', name: 'the debugger by request', heldBy: 'it has no socket to listen on' },
    `
require('node:inspector').open(0, '127.0.0.1');
require('node:inspector').url() ? escaped('listening') : held('silent');`,
  ),
  node(
    {
      area: 'interpreter',
      name: 'internal bindings',
      heldBy: 'the process, not the language, is the boundary',
    },
    ({ file }) => `
const binding = process.binding('fs');
try { escaped(binding.internalModuleStat ? fs.readFileSync('${file}') : 'none'); } catch (error) { held(error.code); }`,
  ),
  node(
    { area: 'interpreter', name: 'a worker with its own environment', heldBy: 'the process is the boundary' },
    ({ file }) => `
const { Worker } = require('node:worker_threads');
new Worker("require('node:fs').readFileSync('${file}')", { eval: true })
  .on('error', (error) => held(error.code)).on('exit', () => escaped('read'));`,
  ),
];
