import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

// A seal is `s1.<key id>.<base64url of salt, ciphertext and tag>`. Each seal has a key and IV of its own, both derived
// from the salt, so no number of seals under one platform key comes near AES-GCM's limit on random IVs.
const VERSION = 's1';
const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 24;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 8;
const MAX_SEALED_CHARS = 4 * 1024 * 1024;
const SHAPE = /^s1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

/** A sealed text could not be opened. The message says why and never holds a secret. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

export interface Sealer {
  /** The id of the key that seals now: 16 hex digits, derived from the key and telling nothing of it. */
  readonly keyId: string;
  /** Encrypts `plain`, bound to `context` (such as `agent:<id>:webhook-secret`): it opens with that context only. */
  seal(plain: string, context: string): string;
  /** Decrypts what any of the accepted keys sealed. Throws SealError for anything else. */
  open(sealed: string, context: string): string;
  /** The id of the key that sealed this text. Throws SealError when it is no seal. */
  keyIdOf(sealed: string): string;
}

export interface SealerKeys {
  /** PLATFORM_SIGNING_KEY; whitespace around it is dropped, since secrets are often stored with a newline. */
  currentKey: string;
  /** PLATFORM_SIGNING_KEYS_ACCEPTED: keys that open and never seal. */
  acceptedKeys?: readonly string[];
}

/** A sealer for short texts at rest and in tasks. Throws TypeError when a key is empty. */
export function createSealer(keys: SealerKeys): Sealer {
  const current = readKey(keys.currentKey);
  const byId = new Map(
    [...(keys.acceptedKeys ?? []).map(readKey), current].map((key) => [key.id, key.material]),
  );
  return {
    keyId: current.id,
    seal: (plain, context) => seal(current.id, current.material, plain, context),
    open(sealed, context) {
      const { keyId, bytes } = readSeal(sealed);
      const material = byId.get(keyId);
      if (material === undefined) throw new SealError('sealed under a key that is not accepted');
      return open(keyId, material, bytes, context);
    },
    keyIdOf: (sealed) => readSeal(sealed).keyId,
  };
}

function readKey(text: string): { id: string; material: KeyObject } {
  const bytes = Buffer.from(text.trim(), 'utf8');
  if (bytes.length === 0) throw new TypeError('a sealing key is empty');
  const material = createSecretKey(bytes);
  const id = hkdfSync('sha256', material, Buffer.alloc(0), 'agent-registry seal key id', KEY_ID_BYTES);
  return { id: Buffer.from(id).toString('hex'), material };
}

/** The key is a KeyObject, which Node takes for a cipher in a third of the time that it takes for bytes. */
function derive(material: KeyObject, salt: Buffer): { key: KeyObject; iv: Buffer } {
  const bytes = Buffer.from(
    hkdfSync('sha256', material, salt, 'agent-registry seal s1', KEY_BYTES + IV_BYTES),
  );
  return { key: createSecretKey(bytes.subarray(0, KEY_BYTES)), iv: bytes.subarray(KEY_BYTES) };
}

function boundTo(keyId: string, context: string): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${context}`, 'utf8');
}

function seal(keyId: string, material: KeyObject, plain: string, context: string): string {
  const salt = randomBytes(SALT_BYTES);
  const { key, iv } = derive(material, salt);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(boundTo(keyId, context));
  const bytes = Buffer.concat([salt, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${keyId}.${bytes.toString('base64url')}`;
}

function open(keyId: string, material: KeyObject, bytes: Buffer, context: string): string {
  const { key, iv } = derive(material, bytes.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(keyId, context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(SALT_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
  } catch {
    throw new SealError('the seal is broken or belongs to another context');
  }
}

function readSeal(sealed: string): { keyId: string; bytes: Buffer } {
  const match = typeof sealed === 'string' && sealed.length <= MAX_SEALED_CHARS ? SHAPE.exec(sealed) : null;
  const bytes = Buffer.from(match?.[2] ?? '', 'base64url');
  // Base64 leaves spare bits in its last character; only the spelling that seal() writes is a seal.
  if (match === null || bytes.length < SALT_BYTES + TAG_BYTES || bytes.toString('base64url') !== match[2]) {
    throw new SealError('not a seal');
  }
  return { keyId: match[1] ?? '', bytes };
}
