import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Cloud Storage as far as an anchor speaks with it: an upload on a precondition, and a download. */
export interface BucketServer {
  readonly url: string;
  /** Every request is answered with this status until it is null again. */
  answerWith(status: number | null): void;
  names(bucket: string): string[];
  close(): Promise<void>;
}

const UPLOAD = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/;
const DOWNLOAD = /^(?:\/storage\/v1)?\/b\/([^/]+)\/o\/([^/]+)$/;

export async function startBucketServer(): Promise<BucketServer> {
  const objects = new Map<string, Buffer>();
  let forced: number | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const body = await buffer(request);
    const fail = (status: number): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: status, message: 'refused' } }));
    };
    if (forced !== null) return fail(forced);
    const [, uploadBucket] = UPLOAD.exec(url.pathname) ?? [];
    if (request.method === 'POST' && uploadBucket !== undefined) {
      const { name, bytes } = partsOf(request, body);
      const key = `${uploadBucket}/${url.searchParams.get('name') ?? name}`;
      if (url.searchParams.get('ifGenerationMatch') === '0' && objects.has(key)) return fail(412);
      objects.set(key, bytes);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'storage#object', name, generation: '1' }));
      return;
    }
    const [, bucket, name] = DOWNLOAD.exec(url.pathname) ?? [];
    const found = objects.get(`${bucket}/${decodeURIComponent(name ?? '')}`);
    if (request.method !== 'GET' || found === undefined) return fail(404);
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(found);
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (status) => {
      forced = status;
    },
    names: (bucket) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(`${bucket}/`))
        .map((key) => key.slice(bucket.length + 1)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The two parts of a multipart upload: what it is called, and its bytes. */
function partsOf(request: IncomingMessage, body: Buffer): { name: string; bytes: Buffer } {
  const boundary = /boundary=([^;]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const edge = `--${boundary}`;
  const between = (part: number): Buffer => {
    let from = -1;
    for (let count = 0; count <= part; count += 1) from = body.indexOf(edge, from + 1);
    const start = body.indexOf('\r\n\r\n', from) + 4;
    return body.subarray(start, body.indexOf(`\r\n${edge}`, start));
  };
  return { name: (JSON.parse(between(0).toString()) as { name?: string }).name ?? '', bytes: between(1) };
}
