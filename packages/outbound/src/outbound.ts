import { vetTargetUrl } from '@agent-registry/domain';
import type { Clock } from '@agent-registry/schemas';
import type { Dispatcher } from 'undici';
import { describeFailure } from './describe-failure.ts';
import { type Dialler, isPublicAddress } from './dial.ts';
import { type ExchangeResult, PhaseError } from './exchange-result.ts';
import { createPools, type HostPool, type Pools } from './pools.ts';
import { readBody } from './read-body.ts';
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
    isAllowed: options.allowPrivate ? () => true : isPublicAddress,
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
  return {
    async post(request) {
      const startedAt = options.clock.now().getTime();
      const durationMs = (): number => Math.max(0, options.clock.now().getTime() - startedAt);
      try {
        if (closed) throw new PhaseError('connect', 'The client is closed.');
        return { ok: true, ...(await exchange(context, request)), durationMs: durationMs() };
      } catch (error) {
        const failure = describeFailure('response', error);
        return { ok: false, phase: failure.phase, message: failure.message, durationMs: durationMs() };
      }
    },
    close() {
      closed = true;
      return pools.destroy();
    },
  };
}

type Answer = Omit<Extract<ExchangeResult, { ok: true }>, 'ok' | 'durationMs'>;

async function exchange(context: Context, request: OutboundRequest): Promise<Answer> {
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
      send(context, host, vetted.url, request, aborter.signal, progress),
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

async function send(
  context: Context,
  host: HostPool,
  url: URL,
  request: OutboundRequest,
  signal: AbortSignal,
  progress: { status: number | null },
): Promise<Answer> {
  const response = await host.pool.request({
    method: 'POST',
    path: url.pathname + url.search,
    headers: headersFor(request, context.options.userAgent),
    body: request.body,
    signal,
  });
  progress.status = response.statusCode;
  const encoding = headerText(response, 'content-encoding').trim().toLowerCase();
  const excerpt = await readBody(response.body, encoding, context.maxResponseBytes);
  const retryAfter = headerText(response, 'retry-after');
  const isUsable = /^[\x20-\x7e]+$/.test(retryAfter) && retryAfter.length <= MAX_RETRY_AFTER_CHARS;
  return { status: response.statusCode, headersSubset: isUsable ? { retryAfter } : {}, ...excerpt };
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
function headersFor(request: OutboundRequest, userAgent: string): Record<string, string> {
  const own = { 'accept-encoding': 'identity', 'user-agent': userAgent };
  const given = Object.entries(request.headers).filter(([name]) => !Object.hasOwn(own, name.toLowerCase()));
  const hasType = given.some(([name]) => name.toLowerCase() === 'content-type');
  return { ...(hasType ? {} : { 'content-type': 'application/json' }), ...Object.fromEntries(given), ...own };
}

function headerText(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return typeof value === 'string' ? value : '';
}
