import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  generateKeyPair,
  isAcceptablePublicKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
  signMessage,
  verifyMessage,
} from './ed25519.ts';
import { flipBit, loadVectors } from './testing/vectors.ts';

interface Signed {
  privateKey: string;
  publicKey: string;
  messageHex: string;
  signature: string;
}
const signatures = loadVectors<{ valid: Signed[]; refused: (Signed & { why: string })[] }>('ed25519');
const keys = loadVectors<{
  smallOrder: { publicKey: string; order: number; canonical: boolean }[];
  refused: { why: string; publicKey: string }[];
}>('small-order-keys');

describe('signatures', () => {
  test.each(signatures.valid)('RFC 8032 vector of key $publicKey holds', (vector) => {
    const message = Buffer.from(vector.messageHex, 'hex');
    expect(publicKeyOf(vector.privateKey)).toBe(vector.publicKey);
    expect(signMessage(vector.privateKey, message)).toBe(vector.signature);
    expect(verifyMessage(vector.publicKey, vector.signature, message)).toBe(true);
    expect(verifyMessage(vector.publicKey, vector.signature.toUpperCase(), message)).toBe(true);
  });

  test.each(signatures.refused)('a signature is refused: $why', (vector) => {
    expect(verifyMessage(vector.publicKey, vector.signature, Buffer.from(vector.messageHex, 'hex'))).toBe(
      false,
    );
  });

  test('what is signed verifies, and no bit of key, signature or message can change', () => {
    const pair = generateKeyPair();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(4095), (message, bit) => {
        const signature = signMessage(pair.privateKey, message);
        expect(verifyMessage(pair.publicKey, signature, message)).toBe(true);
        expect(verifyMessage(pair.publicKey, signature, flipBit(message, bit))).toBe(false);
        const otherSignature = flipBit(Buffer.from(signature, 'hex'), bit).toString('hex');
        expect(verifyMessage(pair.publicKey, otherSignature, message)).toBe(false);
        const otherKey = flipBit(Buffer.from(pair.publicKey, 'hex'), bit).toString('hex');
        expect(verifyMessage(otherKey, signature, message)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('hostile input is false, never an exception', () => {
    const message = Buffer.from('m');
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (key, signature) => {
        expect(verifyMessage(key as string, signature as string, message)).toBe(false);
        expect(isAcceptablePublicKey(key as string)).toBe(false);
      }),
    );
    const pair = generateKeyPair();
    expect(verifyMessage(pair.publicKey, signMessage(pair.privateKey, message), null as never)).toBe(false);
  });

  test('a malformed seed is an error, not a signature', () => {
    expect(() => signMessage('00', Buffer.alloc(0))).toThrow(TypeError);
    expect(() => publicKeyOf('g'.repeat(64))).toThrow(TypeError);
    expect(() => parsePrivateKey('0'.repeat(63))).toThrow(TypeError);
  });

  test('a parsed private key makes the signatures that its seed makes', () => {
    const { privateKey } = generateKeyPair();
    const message = Buffer.from('a message');
    expect(signMessage(parsePrivateKey(privateKey), message)).toBe(signMessage(privateKey, message));
  });
});

describe('public keys', () => {
  test('the vectors list every encoding of a small-order point', () => {
    expect(keys.smallOrder).toHaveLength(14);
    expect(new Set(keys.smallOrder.map((key) => key.publicKey)).size).toBe(14);
  });

  test('a key of small order is not parsed, so that none can be kept parsed and verify', () => {
    expect(keys.smallOrder.map(({ publicKey }) => parsePublicKey(publicKey)).filter(Boolean)).toEqual([]);
  });

  test('a parsed key verifies its own signatures and no others', () => {
    const [pair, other] = [generateKeyPair(), generateKeyPair()];
    const message = Buffer.from('a message');
    const parsed = parsePublicKey(pair.publicKey);
    expect(verifyMessage(parsed, signMessage(pair.privateKey, message), message)).toBe(true);
    expect(verifyMessage(parsed, signMessage(other.privateKey, message), message)).toBe(false);
  });

  test.each(keys.smallOrder)(
    'a public key of order $order, canonical $canonical, is refused: $publicKey',
    ({ publicKey }) => {
      expect(isAcceptablePublicKey(publicKey)).toBe(false);
    },
  );

  test.each(keys.refused)('a public key is refused: $why', ({ publicKey }) => {
    expect(isAcceptablePublicKey(publicKey)).toBe(false);
  });

  test('every generated key is acceptable, in its one spelling alone', () => {
    for (let i = 0; i < 50; i += 1) {
      const { publicKey } = generateKeyPair();
      expect(isAcceptablePublicKey(publicKey)).toBe(true);
      if (/[a-f]/.test(publicKey)) expect(isAcceptablePublicKey(publicKey.toUpperCase())).toBe(false);
    }
  });

  test('about half of all byte strings are no point, and those are refused', () => {
    const pair = generateKeyPair();
    const verdicts = Array.from({ length: 64 }, (_, bit) =>
      isAcceptablePublicKey(flipBit(Buffer.from(pair.publicKey, 'hex'), bit).toString('hex')),
    );
    const accepted = verdicts.filter(Boolean).length;
    expect(accepted).toBeGreaterThan(8);
    expect(accepted).toBeLessThan(56);
  });
});
