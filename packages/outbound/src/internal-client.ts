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

/** The other side began an answer that is too large, or that broke off: no outage, but nothing to read either. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** A client for the registry's own services. It vets no addresses: never hand it a URL that a stranger chose. */
export interface InternalClient {
  /**
   * One exchange, once: no redirects, no retries.
   *
   * @throws UnreadableAnswer when an answer began and cannot be read to its end; any other error when none came in time.
   */
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
      const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
      const sent = { method, headers, body, dispatcher: agent, signal: ended };
      const response = await readable(request(url, sent), isNotHttp);
      return {
        status: response.statusCode,
        text: await readable(response.body.text(), () => !ended.aborted),
      };
    },
    close: () => agent.destroy(),
  };
}

async function readable<T>(reading: Promise<T>, isTheirs: (error: unknown) => boolean): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!isTheirs(error)) throw error;
    throw new UnreadableAnswer('the answer cannot be read', { cause: error });
  }
}

/** Codes of answers that are too large, or as long as they do not say. */
const UNREADABLE = /^UND_ERR_(HEADERS_OVERFLOW$|RES_)/;

/** Something answered, though not in HTTP, or with more or less than is read. */
function isNotHttp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'HTTPParserError' || ('code' in error && UNREADABLE.test(String(error.code)));
}
