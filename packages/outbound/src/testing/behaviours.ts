import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a behaviour may use besides the connection. */
export interface BehaviourSettings {
  /** Between two bytes of a drip. */
  dripMs: number;
  /** The Retry-After of `too-many`. */
  retryAfter: string;
  /** Where `redirect-elsewhere` points. */
  redirectTo: string;
}

type Behave = (socket: Socket, settings: BehaviourSettings) => void;

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const GIB = 2 ** 30;
const BOMB_BYTES = 64 * 1024 * 1024;
const MANY_HEADERS = 10_000;

const answer = (status: string, headers: readonly string[] = [], body = ''): string =>
  [`HTTP/1.1 ${status}`, ...headers, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

const say =
  (text: string): Behave =>
  (socket) => {
    socket.write(text);
  };

const sayAndClose =
  (text: string): Behave =>
  (socket) => {
    socket.end(text);
  };

/** One byte a write, so that no write holds a whole line. */
const inPieces =
  (text: string): Behave =>
  (socket) => {
    const write = (from: number): void => {
      if (from < text.length) socket.write(text.slice(from, from + 1), () => setImmediate(write, from + 1));
    };
    write(0);
  };

/** Every way to behave, by name: the first segment of a request’s path. */
export const BEHAVIOURS = {
  ok: say(answer('200 OK', [], 'thanks')),
  'no-content': say('HTTP/1.1 204 No Content\r\n\r\n'),
  'created-and-closed': sayAndClose(answer('201 Created', ['connection: close'])),
  'redirect-loop': say(answer('302 Found', ['location: /redirect-loop'])),
  'redirect-elsewhere': (socket, settings) => {
    socket.write(answer('307 Temporary Redirect', [`location: ${settings.redirectTo}`]));
  },
  'bad-request': say(
    answer('400 Bad Request', ['content-type: application/json'], '{"error":"no such event"}'),
  ),
  unauthorized: say(answer('401 Unauthorized', [], 'bad signature')),
  'not-found': say(answer('404 Not Found')),
  gone: say(answer('410 Gone')),
  'too-many': (socket, settings) => {
    socket.write(answer('429 Too Many Requests', [`retry-after: ${settings.retryAfter}`], 'slow down'));
  },
  'server-error': say(answer('500 Internal Server Error', [], 'boom')),
  unavailable: say(answer('503 Service Unavailable')),
  'control-characters': say(answer('200 OK', [], '\u0000\u001b[31mred\u0007\r\nnext\u202eline\ufeff')),
  'early-hints': say(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${answer('200 OK')}`),
  'drop-mid-header': sayAndClose('HTTP/1.1 200 OK\r\ncontent-le'),
  'drop-mid-body': sayAndClose('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
  'drop-mid-chunk': sayAndClose('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'),
  'drop-at-once': (socket) => {
    socket.end();
  },
  reset: (socket) => {
    socket.resetAndDestroy();
  },
  'reset-mid-body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy());
  },
  silent: () => undefined,
  drip: (socket, settings) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    repeat(socket, settings.dripMs, '.');
  },
  'drip-headers': (socket, settings) => {
    socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
    repeat(socket, settings.dripMs, '.');
  },
  'endless-hints': (socket, settings) => {
    repeat(socket, settings.dripMs, 'HTTP/1.1 103 Early Hints\r\n\r\n');
  },
  endless: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), CHUNK, Buffer.from('\r\n')]);
    flood(socket, chunk, Number.POSITIVE_INFINITY);
  },
  'one-gib': (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${GIB}\r\n\r\n`);
    flood(socket, CHUNK, GIB / CHUNK.length);
  },
  'gzip-bomb': (socket) => {
    const bomb = gzipSync(Buffer.alloc(BOMB_BYTES));
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  },
  'ten-thousand-headers': (socket) => {
    const headers = Array.from({ length: MANY_HEADERS }, (_, i) => `x-${i}: ${i}`);
    socket.write(answer('200 OK', headers));
  },
  'one-huge-header': say(answer('200 OK', [`x-huge: ${'h'.repeat(1024 * 1024)}`])),
  'many-trailers': (socket) => {
    const trailers = Array.from({ length: MANY_HEADERS }, (_, i) => `x-${i}: ${i}\r\n`).join('');
    socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${trailers}\r\n`);
  },
  garbage: sayAndClose('\u0000\u0001\u0002 not http at all\r\n\r\n'),
  'two-lengths': sayAndClose('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
  // Legal, and seldom met.
  'continue-first': say(`HTTP/1.1 100 Continue\r\n\r\n${answer('200 OK', [], 'thanks')}`),
  'many-continues': say(`${'HTTP/1.0 100\r\nx-a: b\r\n\r\n'.repeat(20)}${answer('202 Accepted')}`),
  'continue-in-pieces': inPieces(`HTTP/1.1 100 Continue\r\nvia: a\r\n\r\n${answer('200 OK', [], 'thanks')}`),
  'continue-and-closed': sayAndClose('HTTP/1.1 100 Continue\r\n\r\n'),
  'processing-first': say(`HTTP/1.1 102 Processing\r\n\r\n${answer('200 OK')}`),
  'no-reason': say('HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n'),
  'folded-header': say(answer('200 OK', ['X-LONG: one', ' two', 'retry-AFTER: 3'], 'thanks')),
  'bare-newlines': say('HTTP/1.1 200 OK\nconnection: close\ncontent-length: 6\n\nthanks'),
  'chunked-with-extras': say(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\nTrailer: x-sum\r\n\r\n6;name="v"\r\nthanks\r\n0;last\r\nx-sum: 1\r\n\r\n',
  ),
  'until-closed': sayAndClose('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nthanks'),
  'no-content-with-body': say(answer('204 No Content', [], 'thanks')),
  'http-1.0': sayAndClose('HTTP/1.0 200 OK\r\n\r\nthanks'),
  'gzip-body': (socket) => {
    const body = gzipSync('thanks');
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  },
  'half-close': (socket) => {
    socket.end(answer('200 OK', [], 'thanks'));
  },
  'reset-after-keep-alive': (socket) => {
    socket.write(answer('200 OK', ['keep-alive: timeout=60'], 'thanks'), () => socket.resetAndDestroy());
  },
  'ok-then-garbage': say(`${answer('200 OK', [], 'thanks')}\u0000 more than was asked for\r\n\r\n`),
  'moved-permanently': say(answer('301 Moved Permanently', ['location: /ok'])),
  'status-099': say(answer('099 Almost')),
  'status-999': say(answer('999 Beyond')),
  'two-digits': say(answer('20 OK')),
  upgrade: say('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
} satisfies Record<string, Behave>;

export type Behaviour = keyof typeof BEHAVIOURS;

function repeat(socket: Socket, everyMs: number, text: string): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** Writes as fast as the other side reads, so that a test can see how much it took. */
function flood(socket: Socket, chunk: Buffer, times: number): void {
  let left = times;
  const pump = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(chunk)) {
        socket.once('drain', pump);
        return;
      }
    }
  };
  pump();
}
