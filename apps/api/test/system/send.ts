import { Agent, type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { ERROR_CODES, type ErrorCode } from '@agent-registry/schemas';
import { expect } from '@jest/globals';
import { checkResponse } from '../check-response.ts';
import type { TestApi } from '../start-api.ts';

/** A connection that says nothing for so long is a hung one. */
const HUNG_MS = 20_000;

/** Beyond this a body is refused unread, and its connection may be closed under the next request. */
const KEPT_BYTES_MAX = 65_536;
const keepAlive = new Agent({ keepAlive: true, maxSockets: 8 });

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Message {
  readonly method: string;
  /** As it goes over the wire: nothing is normalised. */
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
}

/** Sends a request to the letter. Rejects when no answer comes. */
export function send(api: TestApi, { method, path, headers = [], body }: Message): Promise<Sent> {
  const { hostname, port } = new URL(api.url);
  const length = body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))] as const];
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request(
      {
        hostname,
        port,
        method,
        path,
        setHost: false,
        agent: Buffer.byteLength(body ?? '') > KEPT_BYTES_MAX ? false : keepAlive,
        timeout: HUNG_MS,
        headers: [...hostOf(headers, hostname), ...headers, ...length].flat(),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: new Headers(pairsOf(incoming.rawHeaders)),
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
        incoming.once('error', reject);
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path.slice(0, 100)} hung`)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

const hostOf = (headers: readonly (readonly [string, string])[], hostname: string) =>
  headers.some(([name]) => name === 'Host') ? [] : [['Host', hostname] as const];

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as [string, string]] : [],
  );
}

/** Writes these bytes to a connection of its own; resolves with all that came back when the server closes it. */
export function converse(api: TestApi, bytes: string | Buffer, { halfClose = false } = {}): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      socket.write(bytes);
      if (halfClose) socket.end();
    });
    const limit = setTimeout(() => socket.destroy(new Error('the connection hung')), 2 * HUNG_MS);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that has said what it had to say may cut the rest of a flood short.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.once('end', () => socket.end());
    socket.once('close', () => {
      clearTimeout(limit);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** The answer is one the API may give: documented, no fault of ours, and a refusal says so as problem+json. */
export function assertProper(message: Pick<Message, 'method' | 'path'>, sent: Sent): void {
  expect(sent.status).toBeLessThan(500);
  checkResponse({ ...message, ...sent });
  if (sent.status >= 400 && message.method !== 'HEAD')
    // ARD names refusals of its endpoints in a member of its own.
    assertProblem(sent, message.path.startsWith('/v1/ard/') ? ['error'] : []);
}

/** RFC 9457, to the last member of the contract. */
export function assertProblem({ status, headers, text }: Sent, also: readonly string[] = []): void {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { code, detail, instance, title, type, ...rest } = JSON.parse(text) as Record<string, string>;
  expect(ERROR_CODES[code as ErrorCode]).toEqual([status, title]);
  expect([typeof detail, type]).toEqual(['string', `https://registry.example.com/docs#${code}`]);
  expect(instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  const { status: told, errors = [] } = rest as { status?: unknown; errors?: object[] };
  expect(told).toBe(status);
  const more = Object.keys(rest).filter((name) => !['status', 'errors', ...also].includes(name));
  expect(more).toEqual([]);
  for (const error of errors) expect(Object.keys(error).sort()).toEqual(['message', 'path']);
}
