import { base64, hex } from './canonical.ts';

const PEM = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/;
const PKCS8_BYTES = 48;
const PEM_LINE = 64;

/** A key that the page can sign with; its private half cannot be read again. */
export interface SigningKey {
  /** 64 hex digits. */
  readonly publicKey: string;
  readonly key: CryptoKey;
}

/** A new key, and the only copy of its private half that there will be: PEM to be saved before the key is used. */
export async function createKey(): Promise<SigningKey & { readonly pem: string }> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const bytes = await crypto.subtle.exportKey('pkcs8', pair.privateKey);
  const lines = base64(bytes).match(new RegExp(`.{1,${PEM_LINE}}`, 'g')) ?? [];
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  return { ...(await readKey(pem)), pem };
}

/** Reads a private key in PEM (PKCS #8). It is imported so that nothing can export it. @throws Error for anything else. */
export async function readKey(pem: string): Promise<SigningKey> {
  const body = PEM.exec(pem)?.[1]?.replace(/\s/g, '');
  const bytes = body === undefined ? null : Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  if (bytes === null || bytes.length !== PKCS8_BYTES)
    throw new Error('This is no Ed25519 key in PEM (PKCS #8).');
  // The public half is only told of a key that may be exported: such a one is made for this line, and dropped.
  const readable = await crypto.subtle.importKey('pkcs8', bytes, 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', readable);
  const point = Uint8Array.from(atob(x.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey('pkcs8', bytes, 'Ed25519', false, ['sign']);
  return { publicKey: hex(point), key };
}

/** Signs text (UTF-8). */
export async function signText({ key }: SigningKey, text: string): Promise<ArrayBuffer> {
  return crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(text));
}
