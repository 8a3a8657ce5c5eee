import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  assertCovers,
  isDigestOf,
  readHttpSignature,
  requestMessage,
  signatureBase,
  verifyRequest,
} from '@agent-registry/signing';

/** What a server says to one request; `drop` ends the connection in its place. */
export type Answer =
  | 'drop'
  | {
      readonly status: number;
      readonly body?: unknown;
      /** What is sent where it is not the JSON of `body`. */
      readonly text?: string;
      readonly headers?: Record<string, string>;
    };

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** A server on loopback that gives the answers in their order, the last one over and over. */
export async function startScriptedServer(answers: readonly Answer[]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)] ?? 'drop';
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      if (answer === 'drop') return request.socket.destroy();
      const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
      response.writeHead(answer.status, { 'content-type': type, ...answer.headers });
      return response.end(answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { baseUrl: `http://127.0.0.1:${port}`, seen, close };
}

/** Whether a request that arrived bears a strict signature of this key over what the registry verifies, by either scheme. */
export function isSignedBy(publicKey: string, request: SeenRequest): boolean {
  const { method, url: target, headers } = request;
  const body = Buffer.from(request.body);
  const field = (name: string) => (headers[name] === undefined ? undefined : String(headers[name]));
  const signed = readHttpSignature({
    signatureInput: field('signature-input'),
    signature: field('signature'),
  });
  if (signed === null) {
    const signature = /^AgentSig [^:]+:([0-9a-f]{128})$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const message = requestMessage({ timestamp: String(headers['x-timestamp']), method, path: target, body });
    return verifyRequest({ publicKey, signature, message });
  }
  assertCovers(signed, {
    hasBody: body.length > 0,
    hasIdempotencyKey: headers['idempotency-key'] !== undefined,
  });
  if (body.length > 0 && !isDigestOf(field('content-digest') ?? '', body)) return false;
  const message = signatureBase(signed, { method, origin: `http://${headers.host}`, target, field });
  return verifyRequest({ publicKey, signature: signed.signature, message });
}
