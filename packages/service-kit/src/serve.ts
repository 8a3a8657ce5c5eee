import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BootError } from './boot.ts';
import type { Logger } from './logger.ts';

const limits = {
  maxHeaderBytes: 16_384,
  maxHeaders: 200, // what comes beyond is dropped unseen: services refuse before that
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000, // to receive a request, not to answer it
  keepAliveTimeoutMs: 620_000, // longer than the load balancer's 600 s, or it would write into a closed connection
  timeoutCheckMs: 2_000,
} as const;

const defaultGraceMs = 7_000;
const hooksMs = 2_000; // grace and hooks together stay under the 10 s after which the platform kills
const idleCheckMs = 50;
// npm and the terminal each pass on the same Ctrl-C; two that close together are one.
const sameKeypressMs = 500;

export interface ServeOptions {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: Logger;
  /** The whole HTTP response to bytes that never became a request; Node's own, without a body, when absent. */
  readonly answerMalformed?: (error: NodeJS.ErrnoException) => string;
  /** Called at once when the service is told to stop: waiting requests answer, long tasks abort. */
  readonly onStopping?: () => void;
  /** Called when no request is left: close pools, flush telemetry. Given 2 s. */
  readonly shutdown: () => Promise<void>;
  /** How long requests may take to finish; 7 s when absent. */
  readonly graceMs?: number;
}

export interface Running {
  readonly url: string;
  readonly port: number;
  /** Stops like a signal would, without ending the process. */
  close(): Promise<void>;
}

const listen = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `Port ${port} on ${host} is taken by another program: stop it, or set PORT.`,
        EACCES: `Port ${port} on ${host} may not be opened by this user: set PORT to 1024 or above.`,
        EADDRNOTAVAIL: `${host} is no address of this machine: set HOST.`,
      };
      const reason = reasons[error.code ?? ''];
      reject(reason === undefined ? error : new BootError(reason));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/** The code of an error that stands for CONNECT, which Node would answer by closing the connection. */
export const UNSUPPORTED_CONNECT = 'UNSUPPORTED_CONNECT';

/** Answers what Node would answer on its own: bytes that are no request, CONNECT, and expectations nobody has. */
const answerForNode = (server: Server, answerMalformed: ServeOptions['answerMalformed']): void => {
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  if (answerMalformed === undefined) return;
  const answering = new Map<Duplex, Set<ServerResponse>>();
  server.prependListener('request', (req, res) => {
    const open = answering.get(req.socket) ?? new Set();
    answering.set(req.socket, open.add(res));
    res.once('close', () => {
      open.delete(res);
      if (open.size === 0) answering.delete(req.socket);
    });
  });
  const refuse = (socket: Duplex, error: NodeJS.ErrnoException): void => {
    const isLost = error.code === 'ECONNRESET' || !socket.writable;
    if (isLost) socket.destroy();
    else socket.end(answerMalformed(error), () => socket.destroy());
  };
  server.on('connect', (_req, socket) =>
    refuse(socket, Object.assign(new Error('CONNECT'), { code: UNSUPPORTED_CONNECT })),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Answers leave in the order of their requests: what was asked before on this connection is answered before.
    const before = [...(answering.get(socket) ?? [])];
    const broken = before.find((res) => !res.req.complete);
    const last = before.filter((res) => res !== broken).at(-1);
    const finish = () => {
      // A request that was refused before its body broke has had its answer.
      if (broken?.headersSent === true) socket.end(() => socket.destroy());
      else refuse(socket, error);
    };
    if (last === undefined) finish();
    else last.once('close', finish);
  });
};

/** Resolves to false when `work` took longer than `timeoutMs`. */
const within = async (work: Promise<unknown>, timeoutMs: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** Resolves when `server` has closed, or to false when that took longer than `graceMs`: then what is left is cut. */
type Drain = (graceMs: number) => Promise<boolean>;

/** Watches a server's connections, so that it can be emptied without cutting a request short. */
const createDrain = (server: Server): Drain => {
  const unused = new Set<Socket>(); // opened ahead, asked for nothing yet: Node does not count them as idle
  const answering = new Set<ServerResponse>();
  let isStopping = false;
  const closeAfterAnswer = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('request', (req, res) => {
    unused.delete(req.socket);
    answering.add(res);
    res.once('close', () => answering.delete(res));
    if (isStopping) closeAfterAnswer(res);
  });
  return async (graceMs) => {
    isStopping = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of unused) socket.destroy();
    for (const res of answering) closeAfterAnswer(res);
    const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    const finished = await within(closed, graceMs);
    clearInterval(idle);
    if (!finished) server.closeAllConnections();
    return finished;
  };
};

const stopOnSignals = (log: Logger, stop: () => Promise<boolean>): (() => void) => {
  let firstAtMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAtMs !== null) {
      if (signal === 'SIGINT' && performance.now() - firstAtMs > sameKeypressMs) process.exit(130);
      return;
    }
    firstAtMs = performance.now();
    log.info({ signal }, 'stopping');
    void stop().then((isClean) => process.exit(isClean ? 0 : 1));
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return () => process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
};

/**
 * Serves until SIGTERM or SIGINT, then exits: 0 when the shutdown hook ended well, else 1. A second Ctrl-C exits at
 * once. Throws `BootError` when the address cannot be listened on.
 */
export const serve = async (options: ServeOptions): Promise<Running> => {
  const { app, host, port, log } = options;
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      requireHostHeader: options.answerMalformed === undefined,
    },
    app,
  );
  server.maxHeadersCount = limits.maxHeaders;
  const drain = createDrain(server);
  answerForNode(server, options.answerMalformed);
  const address = await listen(server, host, port);
  let stopped: Promise<boolean> | null = null;
  const stopOnce = async (): Promise<boolean> => {
    options.onStopping?.();
    const finished = await drain(options.graceMs ?? defaultGraceMs);
    if (!finished) log.warn('requests were still running after the grace and have been cut off');
    try {
      if (await within(options.shutdown(), hooksMs)) return true;
      log.error('the shutdown hook did not end in time');
    } catch (error) {
      log.error({ error }, 'the shutdown hook failed');
    }
    return false;
  };
  const stop = (): Promise<boolean> => {
    stopped ??= stopOnce();
    return stopped;
  };
  const ignoreSignals = stopOnSignals(log, stop);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: async () => {
      ignoreSignals();
      await stop();
    },
  };
};
