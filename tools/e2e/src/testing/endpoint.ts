import { createServer, type IncomingMessage } from 'node:http';
import { listen } from '@agent-registry/servers';

export type OnRequest = (request: IncomingMessage, body: string, answer: (status: number) => void) => void;

/** A webhook receiver on loopback, on a free port unless one is given; `onRequest` answers with a status when it chooses to. */
export async function openEndpoint(onRequest: OnRequest, port = 0) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      onRequest(request, Buffer.concat(chunks).toString('utf8'), (status) => {
        response.writeHead(status).end();
      }),
    );
  });
  return listen(server, port);
}
