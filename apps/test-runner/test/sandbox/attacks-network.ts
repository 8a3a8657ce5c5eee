import { type Attack, attacksOn } from './attack.ts';

const noSocket = 'no socket but a local one may be made, and there is no interface';
const ownNames = 'names of local sockets belong to the network namespace and the file tree';

const noSocketOutside = { heldBy: noSocket, worksOutside: true } as const;
const ownNamesOutside = { heldBy: ownNames, worksOutside: true } as const;
const attack = attacksOn('network');

/** Nothing outside the sandbox may be reached. Addresses outside are of the kind that leads nowhere. */
export const networkAttacks: readonly Attack[] = [
  ...attack('TCP to the loopback of the host', noSocketOutside, {
    python: ({ port }) =>
      `import socket\nattempt(lambda: socket.create_connection(('127.0.0.1', ${port}), 2))`,
    node: ({ port }) => `
const socket = net.connect(${port}, '127.0.0.1');
socket.on('connect', () => escaped('connected')).on('error', (error) => held(error.message));`,
    bash: ({ port }) => `(exec 9<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && escaped connected; held refused`,
  }),
  ...attack('IPv6 loopback', noSocket, {
    python: ({ port }) => `import socket\nattempt(lambda: socket.create_connection(('::1', ${port}), 2))`,
    node: ({ port }) =>
      `net.connect(${port}, '::1').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  }),
  ...attack('an address outside', noSocket, {
    python: "import socket\nattempt(lambda: socket.create_connection(('192.0.2.1', 80), 2))",
    node: "net.connect(80, '192.0.2.1').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));",
    bash: '(exec 9<>/dev/tcp/192.0.2.1/80) 2>/dev/null && escaped connected; held refused',
  }),
  ...attack('a datagram', noSocketOutside, {
    python: ({ port }) => `
import socket
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port})))`,
    node: ({ port }) => `
const socket = require('node:dgram').createSocket('udp4').on('error', (error) => held(error.message));
socket.send('x', ${port}, '127.0.0.1', (error) => (error ? held(error.message) : escaped('sent')));`,
    bash: ({ port }) => `(echo x >/dev/udp/127.0.0.1/${port}) 2>/dev/null && escaped sent; held refused`,
  }),
  ...attack('a raw IPv6 socket', noSocket, {
    python: 'import socket\nattempt(lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58))',
  }),
  ...attack('a name server', noSocket, {
    node: `
require('node:dns').resolve4('example.invalid', (error, found) => (error ? held(error.code) : escaped(found)));`,
  }),
  ...attack('fetch', noSocketOutside, {
    node: ({ port }) => `
fetch('http://127.0.0.1:${port}/').then(() => escaped('fetched'),
  (error) => (String(error.cause).includes('socket') ? escaped('connected') : held(error.cause)));`,
  }),
  ...attack('listening for others', noSocketOutside, {
    python: `
import socket
def listen():
    server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen(); return server
attempt(listen)`,
    node: "net.createServer().on('error', (e) => held(e.message)).listen(0, '127.0.0.1', () => escaped('listening'));",
  }),
  ...attack("a local socket of the host's", ownNamesOutside, {
    python: ({ socket }) =>
      `import socket\ns = socket.socket(socket.AF_UNIX)\nattempt(lambda: s.connect('${socket}'))`,
    node: ({ socket }) =>
      `net.connect('${socket}').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  }),
  ...attack('an abstract socket of the host', ownNamesOutside, {
    python: ({ abstract }) =>
      `import socket\ns = socket.socket(socket.AF_UNIX)\nattempt(lambda: s.connect('\\0${abstract}'))`,
    node: ({ abstract }) =>
      `net.connect('\\0${abstract}').on('connect', () => escaped('connected')).on('error', (e) => held(e.message));`,
  }),
  ...attack('interfaces', 'the network namespace has only its own loopback', {
    bash: 'n=$(grep -c : /proc/net/dev); [ "$n" -gt 1 ] && escaped "$n interfaces"; held "$n interface"',
  }),
  ...attack(
    'connections of the host',
    { heldBy: 'the network namespace', worksOutside: true },
    {
      bash: ({ port }) => `
printf -v hex ':%04X' ${port}
grep -qi "$hex" /proc/net/tcp && escaped 'sees a listener of the host'; held 'nothing to see'`,
    },
  ),
  ...attack('socket families one by one', noSocket, {
    python: `
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
  }),
  ...attack(
    'larger socket buffers',
    { heldBy: 'setsockopt is refused', worksOutside: true },
    {
      python: `
import socket
a, b = socket.socketpair()
attempt(lambda: a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20))`,
    },
  ),
];
