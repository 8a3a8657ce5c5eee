import { Agent, request } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** The registry said that it cannot now (503): counted, and the caller goes on. */
export class Refused extends Error {}

const UNAVAILABLE = 503;

export interface Sender {
  /** Resolves to the answer; throws an Error that says what came when its status is not the one expected, Refused for a 503. */
  send(request: HttpRequest, expected: number): Promise<HttpAnswer>;
  readonly close: () => void;
}

const SHOWN_CHARACTERS = 300;

/** Sends over at most so many connections, which are kept. */
export function createSender(baseUrl: string, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: async (wanted, expected) => {
      const answer = await exchange(baseUrl, agent, wanted);
      if (answer.status === expected) return answer;
      const shown = answer.text.slice(0, SHOWN_CHARACTERS);
      const Problem = answer.status === UNAVAILABLE ? Refused : Error;
      throw new Problem(
        `${wanted.method} ${wanted.path} answered ${answer.status}, not ${expected}: ${shown}`,
      );
    },
    close: () => agent.destroy(),
  };
}

function exchange(
  baseUrl: string,
  agent: Agent,
  { method, path, body, headers = {} }: HttpRequest,
): Promise<HttpAnswer> {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      baseUrl + path,
      { method, agent, headers: { ...headers, ...type } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.once('error', reject).end(body);
  });
}

/** What was done in a slice of time. */
export interface Taken {
  /** How long each took, ms. */
  readonly latenciesMs: readonly number[];
  /** How many were given up because the registry could not serve them. */
  readonly refused: number;
  /** From the first to the end of the last, for which every caller was busy. */
  readonly seconds: number;
}

/** Time that `once` says it took, where that is not all of it. */
type Timed = number | undefined;

/**
 * So many callers for so long, each doing the thing again as soon as it is done, or refused. Throws as soon as one of them does, and
 * when nothing at all was served.
 */
export async function callFor(
  seconds: number,
  callers: number,
  once: (caller: number) => Promise<Timed> | Promise<void>,
): Promise<Taken> {
  const latenciesMs: number[] = [];
  let refused = 0;
  let refusal: Refused | null = null;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let failed = false;
  const attempt = async (caller: number): Promise<void> => {
    const before = performance.now();
    try {
      const took = await once(caller);
      latenciesMs.push(took ?? performance.now() - before);
    } catch (error) {
      failed ||= !(error instanceof Refused);
      if (!(error instanceof Refused)) throw error;
      refused += 1;
      refusal = error;
    }
  };
  const call = async (caller: number): Promise<void> => {
    // Even the shortest slice has one of each.
    do await attempt(caller);
    while (performance.now() < endsAt && !failed);
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  if (latenciesMs.length === 0 && refusal !== null) throw refusal;
  return { latenciesMs, refused, seconds: (performance.now() - startedAt) / 1_000 };
}
