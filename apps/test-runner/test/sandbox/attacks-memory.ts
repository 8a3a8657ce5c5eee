import type { ScriptLimits } from '../../src/backend.ts';
import { type Attack, attacksOn } from './attack.ts';

const mebibyte = 1024 * 1024;

/** Tight, so that the attacks are over soon. */
const small: Partial<ScriptLimits> = { memoryBytes: 96 * mebibyte, wallMs: 8000, cpuMs: 8000 };

const memory = {
  heldBy: 'the memory limit of the group, or the watchdog',
  limits: small,
  endsAs: ['memory'],
} as const;

/** Where the kernel refuses memory outright, an attack may also see that and say so. */
const memoryOrRefused = { ...memory, endsAs: ['memory', 'passed'] } as const;

const attack = attacksOn('resources');

/** Every way that we know to hold memory, in and out of what belongs to a process. */
export const memoryAttacks: readonly Attack[] = [
  ...attack('a heap that grows', memoryOrRefused, {
    python: `
kept = []
try:
    while True: kept.append(bytearray(1 << 20))
except MemoryError:
    kept.clear(); held('MemoryError')`,
  }),
  ...attack('a heap that grows in a process that exempts itself from being ended for it', memoryOrRefused, {
    python: `
try: open('/proc/self/oom_score_adj', 'w').write('-1000')
except OSError: pass
kept = []
try:
    while True: kept.append(bytearray(1 << 20))
except MemoryError:
    kept.clear(); held('MemoryError')`,
  }),
  ...attack('buffers that grow', memory, {
    node: 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));',
  }),
  ...attack('a heap that grows', memory, {
    node: 'const kept = []; for (;;) kept.push({ kept: new Array(1000).fill(1) });',
  }),
  ...attack('memory of WebAssembly', memory, {
    node: `
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
for (;;) { memory.grow(160); new Uint8Array(memory.buffer).fill(1); }`,
  }),
  ...attack('a variable that grows', memoryOrRefused, {
    bash: 'x=xxxxxxxx; while :; do x=$x$x; done || held refused',
  }),
  ...attack('a filter that keeps an endless line', memory, { bash: 'tail /dev/zero | sleep 5; sleep 5' }),
  ...attack('pages mapped by hand', memoryOrRefused, {
    python: `
import mmap
kept = []
try:
    while True:
        page = mmap.mmap(-1, 4 << 20); kept.append(page)
        for at in range(0, 4 << 20, 4096): page[at] = 1
except OSError as error:
    held(error)`,
  }),
  ...attack('shared pages of many processes', memory, {
    python: `
import mmap, time
page = mmap.mmap(-1, 200 << 20)
for part in range(20):
    if os.fork() == 0:
        for at in range(part * (10 << 20), (part + 1) * (10 << 20), 4096): page[at] = 1
        time.sleep(600)
time.sleep(600)`,
  }),
  ...attack('a little in each of many processes', memory, {
    python: `
import time
for part in range(30):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1) * (8 << 20)); time.sleep(600)
time.sleep(600)`,
  }),
  ...attack(
    'a child that is killed for memory while its parent exits with 0',
    { ...memory, endsAs: ['memory', 'passed'] },
    {
      python: `
import subprocess
subprocess.run([sys.executable, '-c', 'x = bytearray(1 << 20) * 400'], stderr=subprocess.DEVNULL)
held('the child failed')`,
    },
  ),
  ...attack('page tables without pages', memoryOrRefused, {
    python: `
import mmap
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
size = 1 << 40
address = libc.mmap(None, size, 1, 0x4022, -1, 0)
if address in (None, ctypes.c_void_p(-1).value): held('refused')
for at in range(0, size, 2 << 20): ctypes.c_char.from_address(address + at).value
escaped('a terabyte was walked')`,
  }),
  ...attack('buffers of sockets', memoryOrRefused, {
    python: `
import socket, time
def fill():
    kept = []
    while True:
        try:
            a, b = socket.socketpair()
        except OSError:
            break
        kept.append((a, b))
        for s in (a, b):
            s.setblocking(False)
            try:
                while True: s.send(bytes(65536))
            except BlockingIOError:
                pass
    time.sleep(1); os._exit(0)
for part in range(24):
    if os.fork() == 0: fill()
while True:
    try: os.wait()
    except ChildProcessError: held('bounded by the number of descriptors')`,
  }),
  ...attack('buffers of pipes', memoryOrRefused, {
    python: `
import fcntl, time
def fill():
    while True:
        try:
            r, w = os.pipe2(os.O_NONBLOCK)
            while True: os.write(w, bytes(65536))
        except BlockingIOError:
            pass
        except OSError:
            break
    time.sleep(1); os._exit(0)
for part in range(24):
    if os.fork() == 0: fill()
while True:
    try: os.wait()
    except ChildProcessError: held('bounded by the number of descriptors')`,
  }),
];
