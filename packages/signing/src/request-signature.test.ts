import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPair, signMessage } from './ed25519.ts';
import { requestMessage, rotationMessage, signRequest, verifyRequest } from './request-signature.ts';
import { loadVectors } from './testing/vectors.ts';

interface RequestVector {
  agentId: string;
  privateKey: string;
  publicKey: string;
  timestamp: string;
  method: string;
  path: string;
  nonce: string;
  bodyHex: string;
  messageHex: string;
  headers: Record<string, string>;
  signature: string;
}
const requests = loadVectors<{ vectors: RequestVector[] }>('request-signatures').vectors;
const rotations = loadVectors<{
  vectors: {
    agentId: string;
    newPrivateKey: string;
    newPublicKey: string;
    messageHex: string;
    proof: string;
  }[];
}>('rotation-proof').vectors;

describe('signed requests', () => {
  test.each(requests)('$method $path is signed as the vectors say', (vector) => {
    const parts = { ...vector, body: Buffer.from(vector.bodyHex, 'hex') };
    const message = requestMessage(parts);
    expect(message.toString('hex')).toBe(vector.messageHex);
    expect(signRequest(parts)).toEqual(vector.headers);
    expect(verifyRequest({ publicKey: vector.publicKey, signature: vector.signature, message })).toBe(true);
  });

  test('a nonce is made when none is given, in the alphabet the registry accepts', () => {
    const { privateKey } = generateKeyPair();
    const request = {
      agentId: 'a',
      privateKey,
      method: 'GET',
      path: '/',
      body: Buffer.alloc(0),
      timestamp: 't',
    };
    const nonces = [signRequest(request), signRequest(request)].map((headers) => headers['X-Nonce'] ?? '');
    expect(nonces[0]).toMatch(/^[A-Za-z0-9_-]{16,128}$/);
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('a signature covers timestamp, method, path and body, each of them', () => {
    const pair = generateKeyPair();
    const text = fc.stringMatching(/^[!->@-~]{1,20}$/);
    fc.assert(
      fc.property(text, text, text, fc.uint8Array(), fc.nat(3), (timestamp, method, path, body, part) => {
        const parts = { timestamp, method, path, body };
        const changed = [
          { ...parts, timestamp: `${timestamp}0` },
          { ...parts, method: `${method}X` },
          { ...parts, path: `${path}/` },
          { ...parts, body: Buffer.concat([body, Buffer.from([0])]) },
        ][part];
        const signature = signMessage(pair.privateKey, requestMessage(parts));
        expect(verifyRequest({ publicKey: pair.publicKey, signature, message: requestMessage(parts) })).toBe(
          true,
        );
        const message = requestMessage(changed ?? parts);
        expect(verifyRequest({ publicKey: pair.publicKey, signature, message })).toBe(false);
      }),
    );
  });
});

describe('key rotation', () => {
  test.each(rotations)('the new key of $agentId proves itself', (vector) => {
    const message = rotationMessage(vector.agentId, vector.newPublicKey);
    expect(message.toString('hex')).toBe(vector.messageHex);
    expect(signMessage(vector.newPrivateKey, message)).toBe(vector.proof);
    expect(verifyRequest({ publicKey: vector.newPublicKey, signature: vector.proof, message })).toBe(true);
  });
});
