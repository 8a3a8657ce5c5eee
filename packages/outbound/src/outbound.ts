import { vetTargetUrl } from '@agent-registry/domain';
import type { Clock } from '@agent-registry/schemas';
import type { Dispatcher } from 'undici';
import { describeFailure } from './describe-failure.ts';
import { type Dialler, isPublicAddress } from './dial.ts';
import { type Document, type ExchangeResult, PhaseError } from './exchange-result.ts';
import { createPools, type HostPool, type Pools } from './pools.ts';
import { readBody, readDocument } from './read-body.ts';
import { createResolver, type ResolveHost, resolveLikeSystem } from './resolve-host.ts';

export interface OutboundOptions {
  /** Lifts the rules on schemes, ports and addresses. For the local stack and tests only. */
  allowPrivate: boolean;
  /** One deadline over the whole exchange: DNS, connection, TLS, headers and body. */
  timeoutMs: number;
  /** Sent as User-Agent. */
  userAgent: string;
  clock: Clock;
  /** Bytes of a response read before its connection is dropped. Default 64 KiB. */
  maxResponseBytes?: number;
  /** Bytes of a response's header block. Default 16 KiB. */
  maxHeaderBytes?: number;
  /** Connections to one origin. Not below the exchanges at once with it, or they wait for each other. Default 16. */
  connectionsPerHost?: number;
  /** Origins whose idle connections are kept. Default 256. */
  maxHosts?: number;
  /** Name resolution; the system's name servers when absent. */
  resolver?: ResolveHost;
  /** Which addresses may be dialled, whatever `allowPrivate` says. For tests, which cannot listen on a public address. */
  isAllowed?: (address: string) => boolean;
  /** PEM certificates of the authorities to trust in place of the public ones. */
  ca?: string | readonly string[];
}

export interface OutboundRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

export interface Outbound {
  /** One POST, once: no redirects, no retries. Never rejects. */
  post(request: OutboundRequest): Promise<ExchangeResult>;
  /** One GET of a document, once: no redirects, no retries, at most `maxBytes` of it. Never rejects. */
  get(url: string, options: { maxBytes: number }): Promise<Document>;
  /** Ends every connection; exchanges under way fail. */
  close(): Promise<void>;
}

interface Context {
  options: OutboundOptions;
  pools: Pools;
  maxResponseBytes: number;
}

const MAX_RETRY_AFTER_CHARS = 64;

/** The client for strangers' servers: addresses vetted where they are dialled, everything bounded. */
export function createOutbound(options: OutboundOptions): Outbound {
  const dialler: Dialler = {
    resolve: options.resolver ?? (options.allowPrivate ? resolveLikeSystem : createResolver()),
    isAllowed: options.isAllowed ?? (options.allowPrivate ? () => true : isPublicAddress),
    timeoutMs: options.timeoutMs,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const pools = createPools(dialler, {
    connectionsPerHost: options.connectionsPerHost ?? 16,
    maxHosts: options.maxHosts ?? 256,
    maxHeaderBytes: options.maxHeaderBytes ?? 16 * 1024,
  });
  const context = { options, pools, maxResponseBytes: options.maxResponseBytes ?? 64 * 1024 };
  let closed = false;
  async function attempt<T>(work: () => Promise<T>) {
    try {
      if (closed) throw new PhaseError('connect', 'The client is closed.');
      return { ok: true as const, ...(await work()) };
    } catch (error) {
      const { phase, message } = describeFailure('response', error);
      return { ok: false as const, phase, message };
    }
  }
  return {
    async post(request) {
      const startedAt = options.clock.now().getTime();
      const durationMs = (): number => Math.max(0, options.clock.now().getTime() - startedAt);
      const answered = await attempt(() => {
        const { url, body } = request;
        const headers = headersFor(request.headers, options.userAgent);
        return exchange(context, { method: 'POST', url, headers, body }, (response) =>
          readAnswer(response, context.maxResponseBytes),
        );
      });
      return { ...answered, durationMs: durationMs() };
    },
    get: (url, { maxBytes }) =>
      attempt(() => {
        const headers = { accept: 'application/json', ...ownHeaders(options.userAgent) };
        return exchange(context, { method: 'GET', url, headers }, async (response) => ({
          status: response.statusCode,
          encoding: encodingOf(response),
          ...(await readDocument(response.body, maxBytes)),
        }));
      }),
    close() {
      closed = true;
      return pools.destroy();
    },
  };
}

type Answer = Omit<Extract<ExchangeResult, { ok: true }>, 'ok' | 'durationMs'>;

/** A request as it is sent. */
interface Sent {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array | null;
}

async function exchange<T>(
  context: Context,
  request: Sent,
  read: (response: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  const vetted = vetTargetUrl(request.url, { allowPrivate: context.options.allowPrivate });
  if (!vetted.ok) throw new PhaseError('blocked', vetted.reason);
  const host = context.pools.of(vetted.url.origin);
  const aborter = new AbortController();
  const deadline = Promise.withResolvers<never>();
  const progress: { status: number | null } = { status: null };
  const timer = setTimeout(() => {
    deadline.reject(
      new PhaseError('timeout', timeoutMessage(context.options.timeoutMs, host, progress.status)),
    );
  }, context.options.timeoutMs);
  try {
    return await Promise.race([
      send(host, vetted.url, request, { signal: aborter.signal, progress, read }),
      deadline.promise,
    ]);
  } catch (error) {
    // A request still queued is then never sent, and one under way loses its connection.
    aborter.abort();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function send<T>(
  host: HostPool,
  url: URL,
  { method, headers, body = null }: Sent,
  through: {
    signal: AbortSignal;
    progress: { status: number | null };
    read: (response: Dispatcher.ResponseData) => Promise<T>;
  },
): Promise<T> {
  const path = url.pathname + url.search;
  const response = await host.pool.request({ method, path, headers, body, signal: through.signal });
  through.progress.status = response.statusCode;
  return through.read(response);
}

async function readAnswer(response: Dispatcher.ResponseData, maxBytes: number): Promise<Answer> {
  const excerpt = await readBody(response.body, encodingOf(response), maxBytes);
  const retryAfter = headerText(response, 'retry-after');
  const isUsable = /^[\x20-\x7e]+$/.test(retryAfter) && retryAfter.length <= MAX_RETRY_AFTER_CHARS;
  return { status: response.statusCode, headersSubset: isUsable ? { retryAfter } : {}, ...excerpt };
}

/** How the body is compressed, though we ask that it is not; empty when it is not. */
function encodingOf(response: Dispatcher.ResponseData): string {
  const encoding = headerText(response, 'content-encoding').trim().toLowerCase();
  return encoding === 'identity' ? '' : encoding;
}

function timeoutMessage(timeoutMs: number, host: HostPool, status: number | null): string {
  const limit = `within ${timeoutMs / 1000} s`;
  if (status !== null) return `The server answered ${status}, but the body did not end ${limit}.`;
  if (host.stage === 'dns') return `The host name could not be resolved ${limit}.`;
  if (host.stage === 'connect') return `The connection could not be made ${limit}.`;
  if (host.stage === 'tls') return `The TLS handshake did not end ${limit}.`;
  return `The server did not answer ${limit}.`;
}

/** The caller's headers as they are spelt, but for those that are not the caller's to choose. */
function headersFor(headers: Readonly<Record<string, string>>, userAgent: string): Record<string, string> {
  const own = ownHeaders(userAgent);
  const given = Object.entries(headers).filter(([name]) => !Object.hasOwn(own, name.toLowerCase()));
  const hasType = given.some(([name]) => name.toLowerCase() === 'content-type');
  return { ...(hasType ? {} : { 'content-type': 'application/json' }), ...Object.fromEntries(given), ...own };
}

function ownHeaders(userAgent: string) {
  return { 'accept-encoding': 'identity', 'user-agent': userAgent };
}

function headerText(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return typeof value === 'string' ? value : '';
}
