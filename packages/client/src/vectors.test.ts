import { readFileSync } from 'node:fs';
import { requestMessage, signRequest, verifyRequest } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { createAgentClient } from './agent-client.ts';
import { proveRotation } from './rotate-key.ts';
import { verifyWebhook } from './verify-webhook.ts';

function vectorsOf<T>(name: string): T[] {
  const url = new URL(`../../signing/vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { vectors: T[] }).vectors;
}

interface RequestVector {
  readonly agentId: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly timestamp: string;
  readonly method: string;
  readonly path: string;
  readonly nonce: string;
  readonly bodyHex: string;
  readonly headers: Record<string, string>;
}

describe('requests', () => {
  const vectors = vectorsOf<RequestVector>('request-signatures');

  test.each(vectors)('$method $path at $timestamp is signed as the vector says', (vector) => {
    const body = Buffer.from(vector.bodyHex, 'hex');
    expect(signRequest({ ...vector, body })).toEqual(vector.headers);
  });

  test.each(vectors)(
    'what the client sends as $agentId verifies under the vector’s public key',
    async (vector) => {
      const sent: { url: string; init: RequestInit }[] = [];
      const record: typeof fetch = async (url, init) => {
        sent.push({ url: url as string, init: init ?? {} });
        return new Response('{}');
      };
      const { agentId, privateKey, publicKey } = vector;
      const clock = { now: () => new Date('2026-03-01T12:00:00Z') };
      const client = createAgentClient({
        baseUrl: 'http://127.0.0.1:1',
        scheme: 'agentsig',
        agentId,
        privateKey,
        fetch: record,
        clock,
      });
      await client.counterJob({ job_id: agentId, proposed_price: '12.50', message: 'Zoë' });
      const { url, init } = sent[0]!;
      const headers = init.headers as Record<string, string>;
      const message = requestMessage({
        timestamp: headers['x-timestamp']!,
        method: 'POST',
        path: new URL(url).pathname,
        body: Buffer.from(init.body as string),
      });
      expect(headers['x-timestamp']).toMatch(/^2026-03-01T12:00:00\.000\d{6}Z$/);
      const [scheme, signature] = headers.authorization!.split(`${agentId}:`);
      expect(scheme).toBe('AgentSig ');
      expect(verifyRequest({ publicKey, signature: signature!, message })).toBe(true);
    },
  );
});

interface WebhookVector {
  readonly name: string;
  readonly secrets: string[];
  readonly timestamp: number;
  readonly body: string;
  readonly deliveryId: string;
  readonly headers: Record<string, string>;
}

describe('webhooks', () => {
  const vectors = vectorsOf<WebhookVector>('webhook-signatures').filter((vector) => vector.body !== '');
  const only = (vector: WebhookVector, prefix: string) =>
    Object.fromEntries(
      Object.entries(vector.headers).filter(([name]) => name.toLowerCase().startsWith(prefix)),
    );
  const received = (vector: WebhookVector, headers: Record<string, string>) => ({
    headers,
    body: vector.body,
    secret: vector.secrets,
    clock: { now: () => new Date(vector.timestamp * 1000) },
  });

  test.each(vectors)('$name: by the standard headers', (vector) => {
    expect(verifyWebhook(received(vector, only(vector, 'webhook-')))).toEqual({
      valid: true,
      deliveryId: vector.deliveryId,
      webhook: JSON.parse(vector.body),
    });
  });

  test.each(vectors)('$name: by the older headers', (vector) => {
    expect(verifyWebhook(received(vector, only(vector, 'x-webhook-')))).toMatchObject({
      valid: true,
      deliveryId: null,
    });
  });
});

test('the proof of a rotation is the vector’s', () => {
  const vectors = vectorsOf<{ agentId: string; newPrivateKey: string; newPublicKey: string; proof: string }>(
    'rotation-proof',
  );
  for (const { agentId, newPrivateKey, newPublicKey, proof } of vectors) {
    expect(proveRotation(agentId, { publicKey: newPublicKey, privateKey: newPrivateKey })).toEqual({
      new_public_key: newPublicKey,
      proof,
    });
  }
});
