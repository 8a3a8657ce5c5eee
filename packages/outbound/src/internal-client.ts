import { Agent, request } from 'undici';

export interface InternalClientOptions {
  /** One deadline over the whole exchange. The library's own limits of 300 s are lifted. */
  timeoutMs: number;
  /** Bytes of an answer; a larger one is an error. Default 8 MiB. */
  maxResponseBytes?: number;
}

export interface InternalRequest {
  method: 'GET' | 'POST';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Ends the exchange early. */
  signal?: AbortSignal;
  /** Shorter than the client's own. */
  timeoutMs?: number;
}

export interface InternalAnswer {
  status: number;
  text: string;
}

/** A client for the registry's own services. It vets no addresses: never hand it a URL that a stranger chose. */
export interface InternalClient {
  /** One exchange, once: no redirects, no retries. Rejects when there is no whole answer in time. */
  exchange(request: InternalRequest): Promise<InternalAnswer>;
  close(): Promise<void>;
}

const DEFAULT_MAX_RESPONSE_BYTES = 8 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
/** Shorter than the services keep idle connections, so that none is used while the other side closes it. */
const IDLE_TIMEOUT_MS = 4_000;

export function createInternalClient(options: InternalClientOptions): InternalClient {
  const maxBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    maxResponseSize: maxBytes,
  });
  return {
    async exchange({ method, url, headers = {}, body = null, signal, timeoutMs = options.timeoutMs }) {
      const deadline = AbortSignal.timeout(Math.min(timeoutMs, options.timeoutMs));
      const response = await request(url, {
        method,
        headers,
        body,
        dispatcher: agent,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
      return { status: response.statusCode, text: await response.body.text() };
    },
    close: () => agent.destroy(),
  };
}
