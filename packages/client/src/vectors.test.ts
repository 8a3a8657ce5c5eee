import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createAgentClient } from './agent-client.ts';
import { proveRotation } from './rotate-key.ts';
import { isSignedBy } from './testing/scripted-server.ts';

function vectorsOf<T>(name: string): T[] {
  const url = new URL(`../../signing/vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { vectors: T[] }).vectors;
}

test.each(vectorsOf<{ agentId: string; privateKey: string; publicKey: string }>('request-signatures'))(
  'what the client sends as $agentId verifies under the vector’s public key, with a time of its own below the millisecond',
  async ({ agentId, privateKey, publicKey }) => {
    const sent: { url: string; init: RequestInit }[] = [];
    const record: typeof fetch = async (url, init) => {
      sent.push({ url: url as string, init: init ?? {} });
      return new Response('{}');
    };
    const client = createAgentClient({
      baseUrl: 'http://127.0.0.1:1',
      scheme: 'agentsig',
      agentId,
      privateKey,
      fetch: record,
      clock: { now: () => new Date('2026-03-01T12:00:00Z') },
    });
    await client.counterJob({ job_id: agentId, proposed_price: '12.50', message: 'Zoë' });
    const { url, init } = sent[0]!;
    const headers = init.headers as Record<string, string>;
    expect(headers['x-timestamp']).toMatch(/^2026-03-01T12:00:00\.000\d{6}Z$/);
    const request = { method: 'POST', url: new URL(url).pathname, headers, body: init.body as string };
    expect(isSignedBy(publicKey, request)).toBe(true);
  },
);

test('the proof of a rotation is the vector’s', () => {
  const vectors = vectorsOf<{ agentId: string; newPrivateKey: string; newPublicKey: string; proof: string }>(
    'rotation-proof',
  );
  for (const { agentId, newPrivateKey, newPublicKey, proof } of vectors) {
    const keys = { publicKey: newPublicKey, privateKey: newPrivateKey };
    expect(proveRotation(agentId, keys)).toEqual({ new_public_key: newPublicKey, proof });
  }
});
