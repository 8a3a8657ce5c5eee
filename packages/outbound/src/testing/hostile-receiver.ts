import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { BEHAVIOURS, type Behaviour, type BehaviourSettings } from './behaviours.ts';

export interface ReceivedRequest {
  method: string;
  /** Path and query as they arrived. */
  path: string;
  /** By lower-case name; of headers sent twice the last. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Which connection it came on, from 1. */
  connection: number;
}

export interface HostileReceiverOptions extends Partial<BehaviourSettings> {
  /** Speaks TLS with this certificate (PEM). */
  tls?: { cert: string; key: string };
  /** Default 127.0.0.1. */
  host?: string;
  /** Breaks every connection off before a word is said: `reset`, or TLS `garbage` in place of a handshake; or answers before the request is read. */
  onConnect?: 'reset' | 'garbage' | 'silence' | 'early-answer';
  /** Answers every request with these bytes and closes, whatever the path names. */
  says?: string;
  /** Decides how to behave; by default the first segment of the path names it, and an unknown one means `ok`. */
  behave?: (request: ReceivedRequest) => Behaviour;
}

export interface HostileReceiver {
  port: number;
  /** The URL at which a behaviour plays; `host` replaces the address, `rest` follows the behaviour's name. */
  url(behaviour: Behaviour, options?: { host?: string; rest?: string }): string;
  /** Every request whose body arrived whole. */
  requests: readonly ReceivedRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** Connections open now. */
  open(): number;
  /** Bytes written to connections that are closed by now. */
  bytesSent(): number;
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** A server on loopback that treats its clients as badly as strangers' servers do. */
export async function startHostileReceiver(options: HostileReceiverOptions = {}): Promise<HostileReceiver> {
  const settings = { dripMs: 1_000, retryAfter: '7', redirectTo: '/ok', ...options };
  const sockets = new Set<Socket>();
  const requests: ReceivedRequest[] = [];
  const counts = { connections: 0, bytesSent: 0 };
  const behave = options.behave ?? behaviourOfPath;
  const server = listen(options, sockets, counts, (socket, connection) => {
    readRequests(socket, connection, (request) => {
      requests.push(request);
      if (options.says === undefined) BEHAVIOURS[behave(request)](socket, settings);
      else socket.end(options.says, 'latin1');
    });
  });
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  const literal = family === 'IPv6' ? `[${address}]` : address;
  return {
    port,
    url: (behaviour, { host = literal, rest = '' } = {}) =>
      `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}/${behaviour}${rest}`,
    requests,
    connections: () => counts.connections,
    open: () => sockets.size,
    bytesSent: () => counts.bytesSent,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(
  options: HostileReceiverOptions,
  sockets: Set<Socket>,
  counts: { connections: number; bytesSent: number },
  serve: (socket: Socket, connection: number) => void,
): Server {
  const server =
    options.tls === undefined || options.onConnect !== undefined
      ? createTcpServer((socket) => serveOrBreak(socket))
      : createTlsServer(options.tls, (socket) => serve(socket, counts.connections));
  // TLS servers emit the raw connection under this name too, also when no handshake follows.
  server.prependListener('connection', (socket: Socket) => {
    counts.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      counts.bytesSent += socket.bytesWritten;
      sockets.delete(socket);
    });
  });
  const serveOrBreak = (socket: Socket): void => {
    if (options.onConnect === 'reset') socket.resetAndDestroy();
    else if (options.onConnect === 'garbage') socket.end('this is no TLS, whatever was expected\r\n');
    else if (options.onConnect === 'early-answer') answerEarly(socket);
    else if (options.onConnect === 'silence') socket.resume();
    else serve(socket, counts.connections);
  };
  return server;
}

/** A whole answer at the first byte of the request, of which no more is read. */
function answerEarly(socket: Socket): void {
  socket.once('data', () => {
    socket.pause();
    socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig', () =>
      socket.destroySoon(),
    );
  });
}

function behaviourOfPath(request: ReceivedRequest): Behaviour {
  const name = request.path.split(/[/?]/)[1] ?? '';
  return Object.hasOwn(BEHAVIOURS, name) ? (name as Behaviour) : 'ok';
}

/** Reads requests with a content-length one after the other, as undici writes them. */
function readRequests(
  socket: Socket,
  connection: number,
  onRequest: (request: ReceivedRequest) => void,
): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    if (pending.length > MAX_REQUEST_BYTES) socket.destroy();
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const [first = '', ...lines] = pending.toString('latin1', 0, headEnd).split('\r\n');
      const headers = Object.fromEntries(lines.map(readHeader));
      const bodyEnd = headEnd + 4 + Number(headers['content-length'] ?? 0);
      if (pending.length < bodyEnd) return;
      const body = Buffer.from(pending.subarray(headEnd + 4, bodyEnd));
      pending = pending.subarray(bodyEnd);
      const [method = '', path = ''] = first.split(' ');
      onRequest({ method, path, headers, body, connection });
    }
  });
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
