import { generateKeyPairSync } from 'node:crypto';
import type { NegotiationEntry } from '@agent-registry/client';
import {
  canonicalJson,
  chainHash,
  isDigestOf,
  parsePublicKey,
  readHttpSignature,
  signatureBase,
  verifyMessage,
} from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from './canonical.ts';
import { verifyChain } from './chain.ts';
import { createKey, readKey } from './keys.ts';
import { signRequest } from './sign-request.ts';

function logOf(jobId: string, messages: readonly string[]): NegotiationEntry[] {
  let previous: string | null = null;
  return messages.map((message, index) => {
    const entry = {
      seq: index + 1,
      kind: 'counter',
      by: 'somebody',
      message,
      counter_terms: { n: [1.5, -0, 1e21] },
    };
    const hash = chainHash(previous, { ...entry, job_id: jobId });
    const shown = {
      ...entry,
      action: 'counter',
      proposer: 'somebody',
      timestamp: 'x',
      previous_hash: previous,
      hash,
    };
    previous = hash;
    return shown as unknown as NegotiationEntry;
  });
}

test('the page’s canonical JSON is the registry’s, for any JSON value', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => expect(canonical(value)).toBe(canonicalJson(value))));
});

test('a whole negotiation log is found whole, and a step that was changed is named', async () => {
  const log = logOf('job', ['a', 'b', 'c']);
  expect(await verifyChain('job', log)).toEqual([true, true, true]);
  const changed = log.map((entry, index) => (index === 1 ? { ...entry, message: 'B' } : entry));
  expect(await verifyChain('job', changed)).toEqual([true, false, true]);
  expect(await verifyChain('another job', log)).toEqual([false, false, false]);
  expect(await verifyChain('job', log.slice(1))).toEqual([false, false]);
});

describe('a key of the console', () => {
  test('a key that the page makes is saved as PEM, reads back as the same key, and cannot be exported', async () => {
    const made = await createKey();
    const again = await readKey(made.pem);
    expect(again.publicKey).toBe(made.publicKey);
    for (const { key } of [made, again]) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow();
    }
  });

  test('what is no Ed25519 key in PEM is refused in words', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
    });
    for (const text of [
      '',
      'a'.repeat(64),
      String(rsa),
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
    ])
      await expect(readKey(text)).rejects.toThrow('This is no Ed25519 key in PEM');
  });

  test('a request that the page signs is one that the registry takes: the base, the digest and the signature', async () => {
    const made = await createKey();
    const body = '{"text":"für Ünicode"}';
    const url = 'https://registry.example/v1/jobs?limit=1';
    const request = { method: 'POST', url, body, idempotencyKey: 'one', now: new Date() };
    const headers = await signRequest({ ...made, keyId: 'an agent' }, request);
    const read = readHttpSignature({
      signatureInput: headers['signature-input'],
      signature: headers.signature,
    })!;
    const base = signatureBase(read, {
      method: 'POST',
      origin: 'https://registry.example',
      target: '/v1/jobs?limit=1',
      field: (name) => headers[name],
    });
    expect(read).toMatchObject({
      keyId: 'an agent',
      components: ['@method', '@target-uri', 'content-digest', 'idempotency-key'],
    });
    expect(isDigestOf(headers['content-digest']!, Buffer.from(body))).toBe(true);
    expect(verifyMessage(parsePublicKey(made.publicKey)!, read.signature, base)).toBe(true);
  });
});
