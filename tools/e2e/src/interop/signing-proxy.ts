import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { listen } from '@agent-registry/servers';
import { signRequest } from '@agent-registry/signing';

export interface SigningProxy {
  readonly baseUrl: string;
  close(): Promise<void>;
}

export interface ProxyIdentity {
  readonly agentId: string;
  readonly privateKey: string;
}

/**
 * A proxy on loopback that signs what passes through it by AgentSig, byte for byte as it came: so a tool that knows nothing of
 * signatures can speak to every endpoint.
 */
export async function startSigningProxy(target: string, identity: ProxyIdentity): Promise<SigningProxy> {
  const { hostname, port } = new URL(target);
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const headers = {
      ...request.headers,
      ...signatureOf(identity, request, body),
      host: `${hostname}:${port}`,
    };
    const { method, url: path } = request;
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  };
  const server = createServer((request, response) => void forward(request, response));
  const { url: baseUrl, close } = await listen(server);
  return { baseUrl, close };
}

function signatureOf(
  { agentId, privateKey }: ProxyIdentity,
  request: IncomingMessage,
  body: Buffer,
): Record<string, string> {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const timestamp = new Date()
    .toISOString()
    .replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`);
  return signRequest({ agentId, privateKey, method: request.method ?? 'GET', path, body, timestamp });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
