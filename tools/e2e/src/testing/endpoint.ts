import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
