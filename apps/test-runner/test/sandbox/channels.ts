// Two scripts that try to talk: what one does to the machine, the other must not be able to see. Both in Python.

/** Moves everything that is shared, for as long as the receiver may look: processes, memory, files, locks, terminals. */
export const sender = `
import fcntl, os, pty, socket, time
shared = [open(path, 'rb') for path in ('/usr/bin/env', '/usr/bin/python3')] + [open('/dev/null', 'r+b')]
for file in shared:
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.lockf(file, fcntl.LOCK_EX)
    except OSError:
        pass
end = time.monotonic() + 4
while time.monotonic() < end:
    for _ in range(20):
        if os.fork() == 0: os._exit(0)
        os.wait()
    block = bytearray(b'1' * (64 << 20))
    pairs = [os.openpty() for _ in range(8)]
    sockets = [socket.socketpair() for _ in range(4)]
    open('/tmp/x', 'wb').write(bytes(8 << 20))
    open('/dev/shm/x', 'wb').write(bytes(8 << 20))
    for pair in pairs: [os.close(fd) for fd in pair]
    del block, sockets
    os.listdir('/usr/lib')
print('sent')`;

/** Says which of all that it can read ever changed while it did nothing itself. */
export const receiver = `
import ctypes, fcntl, os, stat, time
libc = ctypes.CDLL(None, use_errno=True)
own = {'self', 'thread-self', 'mounts', 'net'}
def kernel_files():
    for top in sorted(os.listdir('/proc')):
        if top.isdigit() or top in own: continue
        path = '/proc/' + top
        if not os.path.isdir(path): yield path
        for parent, _, names in os.walk(path):
            for name in names: yield os.path.join(parent, name)
def read(path):
    try:
        if not stat.S_ISREG(os.stat(path).st_mode): return None
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try: return os.read(fd, 1 << 16)
        finally: os.close(fd)
    except OSError as error: return error.errno
def call(number, *args):
    buffer = ctypes.create_string_buffer(256)
    result = libc.syscall(number, *args, buffer)
    return buffer.raw if result == 0 else ctypes.get_errno()
def lock(how, path, flags):
    try:
        fd = os.open(path, flags)
        try:
            how(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            how(fd, fcntl.LOCK_UN)
            return 'free'
        finally: os.close(fd)
    except OSError as error: return error.errno
def look():
    seen = {path: read(path) for path in kernel_files()}
    seen['sysinfo'] = call(99)
    for path in ('/', '/usr', '/proc', '/dev/null', '/dev/pts'):
        seen['statfs ' + path] = call(137, path.encode())
        found = os.stat(path)
        # The kernel gives the number of all processes as the number of links to /proc, and no interpreter runs without it.
        seen['stat ' + path] = (found.st_ino, found.st_dev, found.st_size, 0 if path == '/proc' else found.st_nlink)
    for path in ('/usr/bin/env', '/usr/bin/python3'):
        seen['flock ' + path] = lock(fcntl.flock, path, os.O_RDONLY)
        seen['times ' + path] = os.stat(path).st_atime_ns
    seen['flock null'] = lock(fcntl.flock, '/dev/null', os.O_RDWR)
    seen['lock null'] = lock(fcntl.lockf, '/dev/null', os.O_RDWR)
    for name in os.listdir('/proc/self/ns'): seen['namespace ' + name] = os.readlink('/proc/self/ns/' + name)
    master, slave = os.openpty()
    seen['terminal'] = os.ttyname(slave)
    os.close(master); os.close(slave)
    return seen
first, changed, taken = look(), set(), set()
for name, value in first.items():
    if name.startswith(('flock ', 'lock ')) and value not in ('free', 1): taken.add(name)
end = time.monotonic() + 2
while time.monotonic() < end:
    now = look()
    changed |= {name for name in first.keys() | now.keys() if first.get(name) != now.get(name)}
told = sorted(changed | taken)
print('ESCAPED: ' + ', '.join(told)[:2000] if told else 'held: nothing changed')`;
