import { once } from 'node:events';
import { request } from 'node:http';
import type { TestAgent } from '../call.ts';
import type { TestApi } from '../start-api.ts';

/** A signed request whose headers the service has, and whose body is still to come. */
export interface SlowRequest {
  /** Sends the body; resolves with the answer. */
  finish(): Promise<{ status: number; code: string | undefined }>;
}

export async function beginRequest(
  api: TestApi,
  agent: TestAgent,
  { method, path, body }: { method: string; path: string; body: object },
): Promise<SlowRequest> {
  const raw = JSON.stringify(body);
  const headers = {
    ...agent.sign(method, path, { raw }),
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(raw)),
    Expect: '100-continue',
  };
  const outgoing = request(api.url + path, { method, headers });
  const answer = once(outgoing, 'response');
  outgoing.flushHeaders();
  await once(outgoing, 'continue'); // The service has begun to read the body.
  return {
    async finish() {
      outgoing.end(raw);
      const [incoming] = await answer;
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const { code } = (text === '' ? {} : JSON.parse(text)) as { code?: string };
      return { status: incoming.statusCode ?? 0, code };
    },
  };
}
