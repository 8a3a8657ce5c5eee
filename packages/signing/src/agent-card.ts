import { createHash, hkdfSync } from 'node:crypto';
import { publicKeyOf, signMessage, verifyMessage } from './ed25519.ts';
import { canonicalJson } from './hashes.ts';

const SEED_BYTES = 32;
/** Signatures of a card that are looked at. */
const SIGNATURES_MAX = 8;
const PART_CHARS_MAX = 4_096;
const ALGORITHMS: readonly unknown[] = ['EdDSA', 'Ed25519'];

/** A JSON object, such as an A2A agent card. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JWS in the form in which an agent card carries it (A2A 1.0, section 8.4.2). */
export interface CardSignature {
  readonly protected: string;
  readonly signature: string;
}

/** An Ed25519 key as RFC 8037 writes it. */
export interface Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** `mismatch`: an Ed25519 signature is there, and none is by this key over this card. `absent`: there is none that this key could have made. */
export type CardVerdict = 'verified' | 'mismatch' | 'absent';

/** The private seed, in hex, of the key that signs agent cards: derived from PLATFORM_SIGNING_KEY, and telling nothing of it. */
export function cardSigningKey(platformKey: string): string {
  const info = 'agent-registry agent card signing key';
  return Buffer.from(hkdfSync('sha256', platformKey.trim(), Buffer.alloc(0), info, SEED_BYTES)).toString(
    'hex',
  );
}

/** The public key as a JWK, whose id is its RFC 7638 thumbprint. */
export function jwkOf(publicKey: string): Jwk {
  const key = { crv: 'Ed25519', kty: 'OKP', x: Buffer.from(publicKey, 'hex').toString('base64url') } as const;
  const kid = createHash('sha256').update(canonicalJson(key)).digest('base64url');
  return { ...key, kid, alg: 'EdDSA', use: 'sig' };
}

/**
 * Signs an agent card as A2A 1.0 says in its section 8.4: a JWS over the RFC 8785 form of the card without `signatures`. The card
 * must hold no member with a default value that A2A does not require, or others canonicalize it differently.
 *
 * @param jku where the public key is published.
 */
export function signAgentCard(card: JsonObject, privateKey: string, jku: string): CardSignature {
  const { kid } = jwkOf(publicKeyOf(privateKey));
  const header = base64url(JSON.stringify({ alg: 'EdDSA', typ: 'JOSE', kid, jku }));
  const { signatures: _, ...signed } = card;
  const input = `${header}.${base64url(canonicalJson(signed))}`;
  return {
    protected: header,
    signature: Buffer.from(signMessage(privateKey, Buffer.from(input)), 'hex').toString('base64url'),
  };
}

/**
 * Whether one of a card's signatures is by this key. Signers differ in which empty members they leave out of what they sign, so
 * the card counts as it was sent, without what A2A leaves out, and without anything empty. Never throws.
 */
export function verifyAgentCard(card: JsonObject, publicKey: string): CardVerdict {
  const { signatures, ...signed } = card;
  const candidates = (Array.isArray(signatures) ? signatures : [])
    .slice(0, SIGNATURES_MAX)
    .filter(isEd25519Signature);
  if (candidates.length === 0) return 'absent';
  const payloads = [() => signed, () => withoutDefaults(signed), () => withoutEmpty(signed)].flatMap(
    payloadOf,
  );
  const isOurs = candidates.some(({ protected: header, signature }) => {
    const hex = Buffer.from(signature, 'base64url').toString('hex');
    return payloads.some((payload) => verifyMessage(publicKey, hex, Buffer.from(`${header}.${payload}`)));
  });
  return isOurs ? 'verified' : 'mismatch';
}

function payloadOf(form: () => unknown): string[] {
  try {
    return [base64url(canonicalJson(form()))];
  } catch {
    return [];
  }
}

function isEd25519Signature(value: unknown): value is CardSignature {
  const { protected: header, signature } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof header !== 'string' || typeof signature !== 'string') return false;
  if (header.length > PART_CHARS_MAX || signature.length > PART_CHARS_MAX) return false;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    return ALGORITHMS.includes((parsed as { alg?: unknown } | null)?.alg);
  } catch {
    return false;
  }
}

/** Members that A2A requires, which stay where they are empty. */
const REQUIRED = new Set(
  'name description version supportedInterfaces capabilities defaultInputModes defaultOutputModes skills id tags url protocolBinding protocolVersion organization'.split(
    ' ',
  ),
);

/** The card without nulls, and without empty lists, maps and texts that A2A does not require. */
function withoutDefaults(value: unknown): unknown {
  return strip(value, (name, item) => item === null || (isEmpty(item) && !REQUIRED.has(name)));
}

function withoutEmpty(value: unknown): unknown {
  return strip(value, (_name, item) => item === null || isEmpty(item));
}

function strip(value: unknown, isLeftOut: (name: string, item: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, strip(item, isLeftOut)] as const)
      .filter(([name, item]) => !isLeftOut(name, item)),
  );
}

function isEmpty(item: unknown): boolean {
  if (typeof item === 'string' || Array.isArray(item)) return item.length === 0;
  return typeof item === 'object' && item !== null && Object.keys(item).length === 0;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
