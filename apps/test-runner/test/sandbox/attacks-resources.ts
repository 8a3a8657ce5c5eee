import type { ScriptLimits } from '../../src/backend.ts';
import { type Attack, attacksOn } from './attack.ts';

const longWall: Partial<ScriptLimits> = { wallMs: 8000 };
const bounds = {
  cpu: { heldBy: 'the count of processor time', endsAs: ['cpu'], limits: { cpuMs: 300, ...longWall } },
  wall: { heldBy: 'the clock', endsAs: ['timeout'], limits: { wallMs: 300 } },
  output: { heldBy: 'the bound on output', endsAs: ['output'] },
  forks: {
    heldBy: 'the bound on processes and threads',
    endsAs: ['processes'],
    limits: { processes: 32, ...longWall },
  },
  disk: { heldBy: 'the watch over /tmp, or the memory limit', endsAs: ['disk'], limits: longWall },
} as const;
const { cpu, wall, output, forks, disk } = bounds;
const diskOrMemory = { ...disk, endsAs: ['disk', 'memory'] } as const;

const attack = attacksOn('resources');

/** Exhausting what a machine has beside memory. */
export const resourceAttacks: readonly Attack[] = [
  ...attack('shared memory beyond its size', '/dev/shm is private and of 16 MB', {
    python: "attempt(lambda: open('/dev/shm/agent-registry-attack', 'wb').write(bytes(17 << 20)))",
  }),
  ...attack(
    'memory hidden in /dev/shm',
    { heldBy: 'it is counted', endsAs: ['memory'], limits: { memoryBytes: 32 << 20, wallMs: 8000 } },
    {
      python: `
import time
open('/dev/shm/x', 'wb').write(bytes(1 << 20) * 15)
kept = bytearray(b'1' * (15 << 20))
time.sleep(6)
escaped('more than its memory')`,
    },
  ),
  ...attack('filling /tmp', disk, {
    python: `
import time
try:
    for n in range(1000): open('/tmp/%d' % n, 'wb').write(bytes(1 << 20))
except OSError:
    pass
time.sleep(5); escaped('not noticed')`,
    bash: 'head -c 100M /dev/zero >/tmp/x 2>/dev/null; head -c 100M /dev/zero >/tmp/y 2>/dev/null; sleep 5; escaped "not noticed"',
    node: `
try { for (let n = 0; n < 100; n += 1) fs.writeFileSync('/tmp/' + n, Buffer.alloc(1 << 20)); } catch {}
setTimeout(() => escaped('not noticed'), 5000);`,
  }),
  ...attack(
    'filling /tmp and ending at once',
    { ...disk, limits: {} },
    {
      python: `
try:
    open('/tmp/x', 'wb').write(bytes(20 << 20))
except OSError:
    pass
open('/tmp/y', 'wb').write(bytes(100 << 10))
os._exit(0)`,
    },
  ),
  ...attack('a flood of files', diskOrMemory, {
    python: "for n in range(10_000_000): open('/tmp/%d' % n, 'w').close()",
  }),
  ...attack('a flood of directories', diskOrMemory, {
    bash: 'for i in {1..200}; do mkdir -p /tmp/$i/{1..200}; done; escaped "not noticed"',
  }),
  ...attack('a flood of links', diskOrMemory, {
    python: "for n in range(10_000_000): os.symlink('x' * 200, '/tmp/%d' % n)",
  }),
  ...attack('a file larger than the disk', 'RLIMIT_FSIZE', {
    python:
      "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nattempt(lambda: os.truncate(os.open('/tmp/x', os.O_RDWR | os.O_CREAT), 1 << 40))",
  }),
  ...attack('a fork bomb', forks, { python: 'while True:\n    try: os.fork()\n    except OSError: pass' }),
  ...attack(
    'a fork bomb',
    { ...forks, endsAs: ['processes', 'memory'] },
    {
      node: "const more = () => cp.spawn('/usr/bin/sleep', ['60'], { stdio: 'ignore' }).on('error', () => 0); setInterval(() => { for (let n = 0; n < 20; n += 1) more(); }, 1);",
    },
  ),
  ...attack('a fork bomb', forks, { bash: 'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 5; sleep 5' }),
  ...attack('a bomb of threads', forks, {
    python: `
import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except RuntimeError: time.sleep(0.01)`,
  }),
  ...attack(
    'a bomb of workers',
    {
      ...forks,
      limits: { processes: 20, wallMs: 1500 },
      endsAs: ['processes', 'memory', 'killed', 'timeout'],
    },
    {
      node: `
const { Worker } = require('node:worker_threads');
const more = () => { try { new Worker('setInterval(() => 0, 1000)', { eval: true }).on('error', () => 0); } catch {} };
setInterval(more, 2);`,
    },
  ),
  ...attack('an endless loop', cpu, {
    python: 'while True: pass',
    node: 'for (;;);',
    bash: 'while :; do :; done',
  }),
  ...attack('many endless loops', cpu, { bash: 'for i in {1..8}; do while :; do :; done & done; wait' }),
  ...attack('loops in children that come and go', cpu, {
    bash: 'while :; do (for i in {1..5000}; do :; done); done',
  }),
  ...attack('a regular expression that never ends', cpu, { node: "/^(a+)+$/.test('a'.repeat(50) + 'b');" }),
  ...attack('sleep', wall, {
    python:
      'import signal, time\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(600)',
    node: 'setInterval(() => 0, 1000);',
    bash: 'trap "" TERM INT HUP QUIT; sleep 600',
  }),
  ...attack('stopping itself', wall, { bash: 'kill -STOP $$' }),
  ...attack('a flood of output', output, {
    python: "while True: os.write(1, b'x' * 65536)",
    node: "for (;;) fs.writeSync(1, 'x'.repeat(65536));",
    bash: 'cat /dev/zero',
  }),
  ...attack('a flood of errors', output, { bash: 'cat /dev/zero >&2' }),
  ...attack('a flood through /dev/stdout', output, { bash: 'cat /dev/zero >/dev/stdout' }),
  ...attack('a flood from the background', output, { bash: 'cat /dev/zero & cat /dev/zero >&2 & sleep 600' }),
  ...attack('a flood of descriptors', 'RLIMIT_NOFILE', {
    python:
      "kept = []\ntry:\n    while len(kept) < 5000: kept.append(os.open('/dev/null', 0))\nexcept OSError as error:\n    held(error)\nescaped(len(kept))",
  }),
  ...attack(
    'endless recursion',
    { heldBy: 'the stack limit', endsAs: ['killed', 'failed', 'memory'] },
    { python: 'sys.setrecursionlimit(10**9)\ndef f(x): return [f] and f((x,)) + 1\nf(0)' },
  ),
  ...attack('queued signals', 'RLIMIT_SIGPENDING', {
    python: `
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
class Info(ctypes.Structure): _fields_ = [('bytes', ctypes.c_char * 128)]
sent = 0
info = (ctypes.c_int * 32)(40, 0, -1)
while sent < 100000:
    result = call(129, os.getpid(), 40, ctypes.byref(info))
    if result < 0: held((sent, result))
    sent += 1
escaped(sent)`,
  }),
  ...attack(
    'dead children that nobody buries',
    { ...forks, endsAs: ['processes', 'timeout'] },
    { bash: "exec perl -e 'while (1) { my $p = fork(); exit 0 if defined $p && $p == 0; }'" },
  ),
];
