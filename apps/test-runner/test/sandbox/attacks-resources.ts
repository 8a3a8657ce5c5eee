import type { ScriptLimits } from '../../src/backend.ts';
import { type Attack, bash, node, python } from './attack.ts';

const shortCpu: Partial<ScriptLimits> = { cpuMs: 300, wallMs: 8000 };
const shortWall: Partial<ScriptLimits> = { wallMs: 300 };
const fewProcesses: Partial<ScriptLimits> = { processes: 32, wallMs: 8000 };

const cpuBy = 'the account of processor time';
const wallBy = 'the clock';
const outputBy = 'the bound on output';
const forksBy = 'the bound on processes and threads';
const diskBy = 'the watch over /tmp, or the memory limit';

const resource = { area: 'resources' } as const;

/** Exhausting what a machine has beside memory. */
export const resourceAttacks: readonly Attack[] = [
  python(
    { ...resource, name: 'shared memory beyond its size', heldBy: '/dev/shm is private and of 16 MB' },
    "attempt(lambda: open('/dev/shm/agent-registry-attack', 'wb').write(bytes(17 << 20)))",
  ),
  python(
    {
      ...resource,
      name: 'memory hidden in /dev/shm',
      heldBy: 'it is counted',
      endsAs: ['memory'],
      limits: { memoryBytes: 32 << 20, wallMs: 8000 },
    },
    `
import time
open('/dev/shm/x', 'wb').write(bytes(1 << 20) * 15)
kept = bytearray(b'1' * (15 << 20))
time.sleep(6)
escaped('more than its memory')`,
  ),
  ...[
    python(
      { ...resource, name: 'filling /tmp', heldBy: diskBy, endsAs: ['disk'], limits: { wallMs: 8000 } },
      `
import time
try:
    for n in range(1000): open('/tmp/%d' % n, 'wb').write(bytes(1 << 20))
except OSError:
    pass
time.sleep(5); escaped('not noticed')`,
    ),
    bash(
      { ...resource, name: 'filling /tmp', heldBy: diskBy, endsAs: ['disk'], limits: { wallMs: 8000 } },
      'head -c 100M /dev/zero >/tmp/x 2>/dev/null; head -c 100M /dev/zero >/tmp/y 2>/dev/null; sleep 5; escaped "not noticed"',
    ),
    node(
      { ...resource, name: 'filling /tmp', heldBy: diskBy, endsAs: ['disk'], limits: { wallMs: 8000 } },
      `
try { for (let n = 0; n < 100; n += 1) fs.writeFileSync('/tmp/' + n, Buffer.alloc(1 << 20)); } catch {}
setTimeout(() => escaped('not noticed'), 5000);`,
    ),
  ],
  python(
    { ...resource, name: 'filling /tmp and ending at once', heldBy: diskBy, endsAs: ['disk'] },
    `
try:
    open('/tmp/x', 'wb').write(bytes(20 << 20))
except OSError:
    pass
open('/tmp/y', 'wb').write(bytes(100 << 10))
os._exit(0)`,
  ),
  python(
    {
      ...resource,
      name: 'a flood of files',
      heldBy: diskBy,
      endsAs: ['disk', 'memory'],
      limits: { wallMs: 8000 },
    },
    "for n in range(10_000_000): open('/tmp/%d' % n, 'w').close()",
  ),
  bash(
    {
      ...resource,
      name: 'a flood of directories',
      heldBy: diskBy,
      endsAs: ['disk', 'memory'],
      limits: { wallMs: 8000 },
    },
    'for i in {1..200}; do mkdir -p /tmp/$i/{1..200}; done; escaped "not noticed"',
  ),
  python(
    {
      ...resource,
      name: 'a flood of links',
      heldBy: diskBy,
      endsAs: ['disk', 'memory'],
      limits: { wallMs: 8000 },
    },
    "for n in range(10_000_000): os.symlink('x' * 200, '/tmp/%d' % n)",
  ),
  python(
    { ...resource, name: 'a file larger than the disk', heldBy: 'RLIMIT_FSIZE' },
    "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nattempt(lambda: os.truncate(os.open('/tmp/x', os.O_RDWR | os.O_CREAT), 1 << 40))",
  ),
  ...[
    python(
      { ...resource, name: 'a fork bomb', heldBy: forksBy, limits: fewProcesses, endsAs: ['processes'] },
      'while True:\n    try: os.fork()\n    except OSError: pass',
    ),
    node(
      {
        ...resource,
        name: 'a fork bomb',
        heldBy: forksBy,
        limits: fewProcesses,
        endsAs: ['processes', 'memory'],
      },
      "const more = () => cp.spawn('/usr/bin/sleep', ['60'], { stdio: 'ignore' }).on('error', () => 0); setInterval(() => { for (let n = 0; n < 20; n += 1) more(); }, 1);",
    ),
    bash(
      { ...resource, name: 'a fork bomb', heldBy: forksBy, limits: fewProcesses, endsAs: ['processes'] },
      'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 5; sleep 5',
    ),
  ],
  python(
    { ...resource, name: 'a bomb of threads', heldBy: forksBy, limits: fewProcesses, endsAs: ['processes'] },
    `
import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except RuntimeError: time.sleep(0.01)`,
  ),
  node(
    {
      ...resource,
      name: 'a bomb of workers',
      heldBy: forksBy,
      limits: { processes: 20, wallMs: 1500 },
      endsAs: ['processes', 'memory', 'killed', 'timeout'],
    },
    `
const { Worker } = require('node:worker_threads');
const more = () => { try { new Worker('setInterval(() => 0, 1000)', { eval: true }).on('error', () => 0); } catch {} };
setInterval(more, 2);`,
  ),
  ...[
    python(
      { ...resource, name: 'an endless loop', heldBy: cpuBy, limits: shortCpu, endsAs: ['cpu'] },
      'while True: pass',
    ),
    node(
      { ...resource, name: 'an endless loop', heldBy: cpuBy, limits: shortCpu, endsAs: ['cpu'] },
      'for (;;);',
    ),
    bash(
      { ...resource, name: 'an endless loop', heldBy: cpuBy, limits: shortCpu, endsAs: ['cpu'] },
      'while :; do :; done',
    ),
  ],
  bash(
    { ...resource, name: 'many endless loops', heldBy: cpuBy, limits: shortCpu, endsAs: ['cpu'] },
    'for i in {1..8}; do while :; do :; done & done; wait',
  ),
  bash(
    {
      ...resource,
      name: 'loops in children that come and go',
      heldBy: cpuBy,
      limits: shortCpu,
      endsAs: ['cpu'],
    },
    'while :; do (for i in {1..5000}; do :; done); done',
  ),
  node(
    {
      ...resource,
      name: 'a regular expression that never ends',
      heldBy: cpuBy,
      limits: shortCpu,
      endsAs: ['cpu'],
    },
    "/^(a+)+$/.test('a'.repeat(50) + 'b');",
  ),
  ...[
    python(
      { ...resource, name: 'sleep', heldBy: wallBy, limits: shortWall, endsAs: ['timeout'] },
      'import signal, time\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(600)',
    ),
    node(
      { ...resource, name: 'sleep', heldBy: wallBy, limits: shortWall, endsAs: ['timeout'] },
      'setInterval(() => 0, 1000);',
    ),
    bash(
      { ...resource, name: 'sleep', heldBy: wallBy, limits: shortWall, endsAs: ['timeout'] },
      'trap "" TERM INT HUP QUIT; sleep 600',
    ),
  ],
  bash(
    { ...resource, name: 'stopping itself', heldBy: wallBy, limits: shortWall, endsAs: ['timeout'] },
    'kill -STOP $$',
  ),
  ...[
    python(
      { ...resource, name: 'a flood of output', heldBy: outputBy, endsAs: ['output'] },
      "while True: os.write(1, b'x' * 65536)",
    ),
    node(
      { ...resource, name: 'a flood of output', heldBy: outputBy, endsAs: ['output'] },
      "for (;;) fs.writeSync(1, 'x'.repeat(65536));",
    ),
    bash({ ...resource, name: 'a flood of output', heldBy: outputBy, endsAs: ['output'] }, 'cat /dev/zero'),
    bash(
      { ...resource, name: 'a flood of errors', heldBy: outputBy, endsAs: ['output'] },
      'cat /dev/zero >&2',
    ),
    bash(
      { ...resource, name: 'a flood through /dev/stdout', heldBy: outputBy, endsAs: ['output'] },
      'cat /dev/zero >/dev/stdout',
    ),
    bash(
      { ...resource, name: 'a flood from the background', heldBy: outputBy, endsAs: ['output'] },
      'cat /dev/zero & cat /dev/zero >&2 & sleep 600',
    ),
  ],
  python(
    { ...resource, name: 'a flood of descriptors', heldBy: 'RLIMIT_NOFILE' },
    "kept = []\ntry:\n    while len(kept) < 5000: kept.append(os.open('/dev/null', 0))\nexcept OSError as error:\n    held(error)\nescaped(len(kept))",
  ),
  python(
    {
      ...resource,
      name: 'endless recursion',
      heldBy: 'the stack limit',
      endsAs: ['killed', 'failed', 'memory'],
    },
    'sys.setrecursionlimit(10**9)\ndef f(x): return [f] and f((x,)) + 1\nf(0)',
  ),
  python(
    { ...resource, name: 'queued signals', heldBy: 'RLIMIT_SIGPENDING' },
    `
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
  ),
  bash(
    {
      ...resource,
      name: 'dead children that nobody buries',
      heldBy: forksBy,
      limits: fewProcesses,
      endsAs: ['processes', 'timeout'],
    },
    "exec perl -e 'while (1) { my $p = fork(); exit 0 if defined $p && $p == 0; }'",
  ),
];
