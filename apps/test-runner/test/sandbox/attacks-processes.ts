import { type Attack, attacksOn } from './attack.ts';

const ownIds = 'process ids are those of a namespace of its own';
const diesWithInit = 'with the first process the kernel ends all others';

const ownIdsOutside = { heldBy: ownIds, worksOutside: true } as const;
const attack = attacksOn('processes');
const attackInterpreter = attacksOn('interpreter');

export const processAttacks: readonly Attack[] = [
  ...attack('processes of others', ownIdsOutside, {
    python: `
pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]
escaped(len(pids)) if len(pids) > 4 else held(len(pids))`,
  }),
  ...attack('a signal to the runner', ownIdsOutside, {
    python: ({ runnerPid }) => `attempt(lambda: os.kill(${runnerPid}, 0))`,
    node: ({ runnerPid }) => `attempt(() => process.kill(${runnerPid}, 0));`,
    bash: ({ runnerPid }) => `kill -0 ${runnerPid} 2>/dev/null && escaped reached; held missing`,
  }),
  ...attack('a pidfd of the runner', ownIdsOutside, {
    python: ({ runnerPid }) => `attempt(lambda: os.pidfd_open(${runnerPid}))`,
  }),
  ...attack('signals to the first process', 'the kernel spares it all signals from inside', {
    bash: `
for round in {1..20}; do for signal in {1..64}; do kill -$signal 1 2>/dev/null; done; done
sleep 0.05; held 'still here'`,
  }),
  ...attack('signals to everybody', ownIds, { python: 'attempt(lambda: os.kill(-1, 9))' }),
  ...attack(
    'signals to its group',
    { heldBy: ownIds, endsAs: ['killed'] },
    { bash: 'kill -KILL 0; escaped "lived on"' },
  ),
  ...attack('a daemon that outlives the test', diesWithInit, {
    python: `
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
    node: `
cp.spawn('/usr/bin/sleep', ['600'], { detached: true, stdio: 'ignore' }).on('spawn', () => held('left one behind')).unref();`,
    bash: '(trap "" HUP TERM INT; setsid sleep 600 </dev/null >/dev/null 2>&1 &) ; held "left one behind"',
  }),
  ...attack('a daemon that keeps the output open', diesWithInit, {
    bash: 'setsid sleep 600 & disown; held "left one behind"',
  }),
  ...attack('many daemons at once', diesWithInit, {
    bash: 'for i in {1..30}; do setsid sleep 600 & done; disown -a; held "left them behind"',
  }),
  ...attack('a daemon that stops itself', diesWithInit, {
    bash: "(setsid bash -c 'kill -STOP $$' &); sleep 0.05; held 'left one behind'",
  }),
  ...attack('children of children of children', diesWithInit, {
    python: `
import time
for depth in range(20):
    if os.fork() > 0:
        if depth == 0:
            time.sleep(0.1); held('twenty deep')
        time.sleep(600)
time.sleep(600)`,
  }),
  ...attack('freeing itself from the parent death signal', diesWithInit, {
    python: `
libc.prctl(1, 0, 0, 0, 0)
if os.fork() == 0:
    libc.prctl(1, 0, 0, 0, 0); os.setsid()
    import time
    time.sleep(600)
held('the first process has its own')`,
  }),
  ...attack('becoming the reaper of its children', diesWithInit, {
    python: `
libc.prctl(36, 1, 0, 0, 0)
if os.fork() == 0:
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
held('it ends all the same')`,
  }),
  ...attack('raising its own limits', 'hard limits go down only', {
    python: `
import resource
for name in ('NPROC', 'NOFILE', 'FSIZE', 'CPU', 'MEMLOCK', 'MSGQUEUE', 'SIGPENDING'):
    kind = getattr(resource, 'RLIMIT_' + name, 11)
    try:
        resource.setrlimit(kind, (1 << 30, 1 << 30)); escaped(name)
    except (ValueError, OSError):
        pass
held('none')`,
  }),
  ...attack('limits of the first process, so that it cannot report', 'seccomp: of oneself alone', {
    python: `
import resource
for kind in range(16):
    try:
        resource.prlimit(1, kind, (0, 0)); escaped(str(kind))
    except PermissionError:
        pass
held('none')`,
  }),
  ...attack('the schedule of the first process', 'seccomp: of oneself alone', {
    python: `
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
  }),
  ...attack(
    'a flood of signals that hides what is left in /tmp',
    { heldBy: 'the first process ends when it is told to', endsAs: ['disk'] },
    {
      python: `
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
    },
  ),
  ...attack('a real-time schedule', 'no capability', {
    python: 'attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))',
  }),
  ...attack('lying about its end', 'only the first process reports, on a descriptor of its own', {
    bash: `
for fd in 3 4 5 6 7 8 9; do { printf 'exit 0\\ndone\\n' >&$fd; } 2>/dev/null; done
{ printf 'exit 0\\ndone\\n' >/proc/1/fd/5; } 2>/dev/null
printf 'exit 0\\ndone\\n'
held 'and ends as it ends'`,
  }),
  ...attack('a bwrap of its own', 'further user namespaces are disabled', {
    bash: `
command -v bwrap >/dev/null || held 'no bwrap inside'
bwrap --unshare-all --ro-bind /usr /usr -- /usr/bin/true 2>/dev/null && escaped nested; held refused`,
  }),
  ...attackInterpreter('the debugger by signal', 'Node runs without it', {
    node: `
process.on('exit', () => 0);
const before = process._getActiveHandles().length;
try { process.kill(process.pid, 'SIGUSR1'); } catch (error) { held(error.message); }
setTimeout(() => (require('node:inspector').url() ? escaped('listening') : held('silent')), 50);`,
  }),
  ...attackInterpreter('the debugger by request', 'it has no socket to listen on', {
    node: `
require('node:inspector').open(0, '127.0.0.1');
require('node:inspector').url() ? escaped('listening') : held('silent');`,
  }),
  ...attackInterpreter('internal bindings', 'the process, not the language, is the boundary', {
    node: ({ file }) => `
const binding = process.binding('fs');
try { escaped(binding.internalModuleStat ? fs.readFileSync('${file}') : 'none'); } catch (error) { held(error.code); }`,
  }),
  ...attackInterpreter('a worker with its own environment', 'the process is the boundary', {
    node: ({ file }) => `
const { Worker } = require('node:worker_threads');
new Worker("require('node:fs').readFileSync('${file}')", { eval: true })
  .on('error', (error) => held(error.code)).on('exit', () => escaped('read'));`,
  }),
];
