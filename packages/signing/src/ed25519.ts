import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { isCanonicalScalar, isOnCurve, isSafePointEncoding, POINT_BYTES } from './ed25519-points.ts';

const SIGNATURE_BYTES = 64;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const LOWER_HEX_KEY = /^[0-9a-f]{64}$/;
const ANY_HEX_KEY = /^[0-9a-fA-F]{64}$/;
const ANY_HEX_SIGNATURE = /^[0-9a-fA-F]{128}$/;

export interface KeyPair {
  /** 64 lower-case hex digits: the compressed point. */
  publicKey: string;
  /** 64 lower-case hex digits: the RFC 8032 seed. */
  privateKey: string;
}

/** Makes a fresh Ed25519 key pair. */
export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-POINT_BYTES).toString('hex'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-POINT_BYTES).toString('hex'),
  };
}

/** The public key (hex) of a private seed (hex). Throws on a seed that is not 64 hex digits. */
export function publicKeyOf(privateKey: string): string {
  const der = createPublicKey(parsePrivateKey(privateKey)).export({ format: 'der', type: 'spki' });
  return der.subarray(-POINT_BYTES).toString('hex');
}

/**
 * True for 64 lower-case hex digits that encode, canonically, a point on the curve that is not of small order.
 * Lower case only: a public key identifies an agent, so it has one spelling. Never throws.
 */
export function isAcceptablePublicKey(hex: string): boolean {
  if (typeof hex !== 'string' || !LOWER_HEX_KEY.test(hex)) return false;
  const bytes = Buffer.from(hex, 'hex');
  return isSafePointEncoding(bytes) && isOnCurve(bytes);
}

/** A private key that node:crypto has parsed, which costs more than to sign with it. */
export type PrivateKey = KeyObject;

/** Parses a private seed of 64 hex digits, for whoever signs often. Throws TypeError on a malformed one. */
export function parsePrivateKey(hex: string): PrivateKey {
  if (!ANY_HEX_KEY.test(hex)) throw new TypeError('an Ed25519 seed is 64 hex digits');
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(hex, 'hex')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/**
 * Signs bytes; the signature is 128 lower-case hex digits. Throws on a malformed seed.
 *
 * @param privateKey 64 hex digits, or what `parsePrivateKey` made of them.
 */
export function signMessage(privateKey: string | PrivateKey, message: Uint8Array): string {
  const key = typeof privateKey === 'string' ? parsePrivateKey(privateKey) : privateKey;
  return sign(null, message, key).toString('hex');
}

/** A public key that node:crypto has parsed, which costs half as much again as verifying a signature with it. */
export type PublicKey = KeyObject;

/** Parses a public key of 64 lower-case hex digits. Null for what `verifyMessage` refuses in a key; never throws. */
export function parsePublicKey(hex: string): PublicKey | null {
  if (typeof hex !== 'string' || !LOWER_HEX_KEY.test(hex)) return null;
  const bytes = Buffer.from(hex, 'hex');
  if (!isSafePointEncoding(bytes)) return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/**
 * Strict Ed25519: refuses small-order keys and R, y ≥ p, S ≥ L and wrong lengths; false for anything hostile, never
 * an exception. The signature's hex may be in either case: it identifies nothing, and existing clients were never
 * held to one.
 *
 * @param publicKey 64 lower-case hex digits, or what `parsePublicKey` made of them.
 */
export function verifyMessage(
  publicKey: string | PublicKey | null,
  signature: string,
  message: Uint8Array,
): boolean {
  try {
    const key = typeof publicKey === 'string' ? parsePublicKey(publicKey) : publicKey;
    if (key === null) return false;
    if (typeof signature !== 'string' || !ANY_HEX_SIGNATURE.test(signature)) return false;
    const bytes = Buffer.from(signature, 'hex');
    if (bytes.length !== SIGNATURE_BYTES || !isSafePointEncoding(bytes.subarray(0, POINT_BYTES)))
      return false;
    if (!isCanonicalScalar(bytes.subarray(POINT_BYTES))) return false;
    return verify(null, message, key, bytes);
  } catch {
    return false;
  }
}
