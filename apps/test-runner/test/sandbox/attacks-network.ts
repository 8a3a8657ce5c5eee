import { type Attack, bash, node, python } from './attack.ts';

const noSocket = 'no socket but a local one may be made, and there is no interface';
const ownNames = 'names of local sockets belong to the network namespace and the file tree';

/** Nothing outside the sandbox may be reached. Addresses outside are of the kind that leads nowhere. */
export const networkAttacks: readonly Attack[] = [
  python(
    { area: 'network', name: 'TCP to the loopback of the host', heldBy: noSocket, worksOutside: true },
    ({ port }) => `import socket\nattempt(lambda: socket.create_connection(('127.0.0.1', ${port}), 2))`,
  ),
  node(
    { area: 'network', name: 'TCP to the loopback of the host', heldBy: noSocket, worksOutside: true },
    ({ port }) => `
const socket = net.connect(${port}, '127.0.0.1');
socket.on('connect', () => escaped('connected')).on('error', (error) => held(error.message));`,
  ),
  bash(
    { area: 'network', name: 'TCP to the loopback of the host', heldBy: noSocket, worksOutside: true },
    ({ port }) => `(exec 9<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && escaped connected; held refused`,
  ),
  python(
    { area: 'network', name: 'IPv6 loopback', heldBy: noSocket },
    ({ port }) => `import socket\nattempt(lambda: socket.create_connection(('::1', ${port}), 2))`,
  ),
  node(
    { area: 'network', name: 'IPv6 loopback', heldBy: noSocket },
    ({ port }) =>
      `net.connect(${port}, '::1').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  ),
  python(
    { area: 'network', name: 'an address outside', heldBy: noSocket },
    "import socket\nattempt(lambda: socket.create_connection(('192.0.2.1', 80), 2))",
  ),
  node(
    { area: 'network', name: 'an address outside', heldBy: noSocket },
    "net.connect(80, '192.0.2.1').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));",
  ),
  bash(
    { area: 'network', name: 'an address outside', heldBy: noSocket },
    '(exec 9<>/dev/tcp/192.0.2.1/80) 2>/dev/null && escaped connected; held refused',
  ),
  python(
    { area: 'network', name: 'a datagram', heldBy: noSocket, worksOutside: true },
    ({ port }) => `
import socket
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port})))`,
  ),
  node(
    { area: 'network', name: 'a datagram', heldBy: noSocket, worksOutside: true },
    ({ port }) => `
const socket = require('node:dgram').createSocket('udp4').on('error', (error) => held(error.message));
socket.send('x', ${port}, '127.0.0.1', (error) => (error ? held(error.message) : escaped('sent')));`,
  ),
  bash(
    { area: 'network', name: 'a datagram', heldBy: noSocket, worksOutside: true },
    ({ port }) => `(echo x >/dev/udp/127.0.0.1/${port}) 2>/dev/null && escaped sent; held refused`,
  ),
  python(
    { area: 'network', name: 'a raw IPv6 socket', heldBy: noSocket },
    'import socket\nattempt(lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58))',
  ),
  node(
    { area: 'network', name: 'a name server', heldBy: noSocket },
    `
require('node:dns').resolve4('example.invalid', (error, found) => (error ? held(error.code) : escaped(found)));`,
  ),
  node(
    { area: 'network', name: 'fetch', heldBy: noSocket, worksOutside: true },
    ({ port }) => `
fetch('http://127.0.0.1:${port}/').then(() => escaped('fetched'),
  (error) => (String(error.cause).includes('socket') ? escaped('connected') : held(error.cause)));`,
  ),
  python(
    { area: 'network', name: 'listening for others', heldBy: noSocket, worksOutside: true },
    `
import socket
def listen():
    server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen(); return server
attempt(listen)`,
  ),
  node(
    { area: 'network', name: 'listening for others', heldBy: noSocket, worksOutside: true },
    "net.createServer().on('error', (e) => held(e.message)).listen(0, '127.0.0.1', () => escaped('listening'));",
  ),
  python(
    { area: 'network', name: "a local socket of the host's", heldBy: ownNames, worksOutside: true },
    ({ socket }) =>
      `import socket\ns = socket.socket(socket.AF_UNIX)\nattempt(lambda: s.connect('${socket}'))`,
  ),
  node(
    { area: 'network', name: "a local socket of the host's", heldBy: ownNames, worksOutside: true },
    ({ socket }) =>
      `net.connect('${socket}').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  ),
  python(
    { area: 'network', name: 'an abstract socket of the host', heldBy: ownNames, worksOutside: true },
    ({ abstract }) =>
      `import socket\ns = socket.socket(socket.AF_UNIX)\nattempt(lambda: s.connect('\\0${abstract}'))`,
  ),
  node(
    { area: 'network', name: 'an abstract socket of the host', heldBy: ownNames, worksOutside: true },
    ({ abstract }) =>
      `net.connect('\\0${abstract}').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  ),
  bash(
    { area: 'network', name: 'interfaces', heldBy: 'the network namespace has only its own loopback' },
    'n=$(grep -c : /proc/net/dev); [ "$n" -gt 1 ] && escaped "$n interfaces"; held "$n interface"',
  ),
  bash(
    { area: 'network', name: 'connections of the host', heldBy: 'the network namespace', worksOutside: true },
    ({ port }) => `
printf -v hex ':%04X' ${port}
grep -qi "$hex" /proc/net/tcp && escaped 'sees a listener of the host'; held 'nothing to see'`,
  ),
  python(
    { area: 'network', name: 'socket families one by one', heldBy: noSocket },
    `
import socket
families = [f for f in range(0, 46) if f != 1]
made = []
for family in families:
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind, 0); made.append((family, kind))
        except OSError:
            pass
escaped(made) if made else held('none of %d' % len(families))`,
  ),
  python(
    { area: 'network', name: 'larger socket buffers', heldBy: 'setsockopt is refused', worksOutside: true },
    `
import socket
a, b = socket.socketpair()
attempt(lambda: a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20))`,
  ),
];
